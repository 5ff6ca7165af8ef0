/** How things stand with the server, for the sync bar. */
import { liveQuery } from 'dexie'
import { effectScope, reactive, watchEffect } from 'vue'

import { currentStore } from '../store/current'
import { readFact } from '../store/meta'

export interface Status {
  /** The network is there, as far as the browser and the last attempt know. */
  online: boolean
  working: 'idle' | 'sending' | 'fetching'
  /** Mutations that wait for their receipt. */
  pending: number
  /** Mutations under 需处理. */
  refused: number
  /** ISO 8601; null: never on this phone. */
  lastSyncedAt: string | null
  /** The session has expired: sending waits for the password, recording does not. */
  needsPassword: boolean
  /** The server no longer understands this version of the app: nothing is sent, and nothing lost. */
  outdated: boolean
  /** One sentence when the last attempt failed. */
  problem: string | null
  /** While this user's records are fetched for the first time: how many have come, and about how many there are (0: not known yet). */
  firstFetch: { received: number; total: number } | null
  /** The server lets this phone wait for its turn to fetch: it asks again by itself. */
  queued: boolean
}

export const status = reactive<Status>({
  online: navigator.onLine !== false,
  working: 'idle',
  pending: 0,
  refused: 0,
  lastSyncedAt: null,
  needsPassword: false,
  outdated: false,
  problem: null,
  firstFetch: null,
  queued: false,
})

let watching = false

/** Keep the counts and the time of the last sync as the signed-in user's tables have them. */
export function watchOutbox(): void {
  if (watching) return
  watching = true
  effectScope(true).run(() => {
    watchEffect((onCleanup) => {
      const db = currentStore.value?.db
      Object.assign(status, { pending: 0, refused: 0, lastSyncedAt: null, problem: null, queued: false })
      if (!db) return
      const subscription = liveQuery(async () => ({
        pending: await db.outbox.where('status').equals('waiting').count(),
        refused: await db.outbox.where('status').equals('refused').count(),
        lastSyncedAt: (await readFact(db, 'last_synced_at')) ?? null,
      })).subscribe({
        next: (counts) => void Object.assign(status, counts),
        error: (error: unknown) => console.error('outbox:', (error as Error).name),
      })
      onCleanup(() => subscription.unsubscribe())
    })
  })
}
