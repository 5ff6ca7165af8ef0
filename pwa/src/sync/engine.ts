/** When to sync: on opening, returning, reconnecting, recording, by a timer with back-off, and on request. */
import { watch } from 'vue'

import type { Me } from '../domain/records'
import { readFact } from '../store/meta'
import { registry } from '../store/registry'
import { ApiError, isQueued, problemOf } from './api'
import { waitAfter, waitForTurn } from './backoff'
import { BACKGROUND_TAG } from './backgroundTag'
import { exchange } from './exchange'
import { finishLeaving } from './lost'
import type { Ports } from './ports'
import { leaveIfTurnedAway } from './sentAway'
import { notePin, portsNow, session } from './session'
import { status } from './status'
import { fetchChanges } from './synchronise'

let running: Promise<void> | null = null
let askedAgain = false
let failures = 0
let turnInMs: number | null = null
let timer: ReturnType<typeof setTimeout> | undefined
let stop: (() => void) | null = null

/** Send and fetch now. Never rejects: `status` says how it went. Called while it runs, it runs once more, failed or not. */
export function syncNow(): Promise<void> {
  if (running) {
    askedAgain = true
    return running
  }
  running = run().finally(() => (running = null))
  return running
}

/** Fetch what others wrote, quietly; where that fails, a whole exchange says why. While one runs, nothing. Never rejects. */
export function lookNow(): Promise<void> {
  running ??= look().finally(() => (running = null))
  return running
}

/** Sync by itself from now on. Called again it does nothing; returns how to stop. */
export function startSyncing(): () => void {
  if (stop) return stop
  const soon = () => void syncNow()
  // The earlier failures were another network's, or another day's: what fails now waits 5 s again, not 5 min.
  const afresh = () => {
    failures = 0
    soon()
  }
  const online = () => {
    status.online = true
    void finishLeaving()
    afresh()
  }
  const offline = () => (status.online = false)
  const returned = () => {
    if (document.visibilityState === 'visible') afresh()
  }
  addEventListener('online', online)
  addEventListener('offline', offline)
  document.addEventListener('visibilitychange', returned)
  const stopWatching = [
    watch(() => session.me, () => void finishLeaving(), { immediate: true }),
    watch(() => !session.locked && session.me?.id, soon, { immediate: true }),
    watch(
      () => status.pending,
      (now, before) => {
        if (now > 0) void askForBackgroundSync()
        if (now > before) soon()
      },
    ),
  ]
  stop = () => {
    removeEventListener('online', online)
    removeEventListener('offline', offline)
    document.removeEventListener('visibilitychange', returned)
    stopWatching.forEach((end) => end())
    clearTimeout(timer)
    stop = null
  }
  return stop
}

async function look(): Promise<void> {
  const ports = portsNow()
  if (!ports) return
  try {
    await exchange(ports, undefined, fetchChanges)
  } catch {
    // Who signed in meanwhile asked for himself: that stands.
    askedAgain = askedAgain || portsNow() === ports
  }
  if (askedAgain) await run()
}

async function run(): Promise<void> {
  clearTimeout(timer)
  do {
    askedAgain = false
    const ports = portsNow()
    if (!ports) return
    await attempt(ports)
  } while (askedAgain)
  if (stop) timer = setTimeout(() => void syncNow(), turnInMs ?? waitAfter(failures))
}

async function attempt(ports: Ports): Promise<void> {
  const current = () => portsNow() === ports
  const { received: before, total } = status.firstFetch ?? { received: 0, total: 0 }
  turnInMs = null
  try {
    const first = (await readFact(ports.db, 'last_synced_at')) === undefined
    await exchange(ports, {
      sending: () => (status.working = 'sending'),
      fetching: (received, left) => {
        status.working = 'fetching'
        if (first) status.firstFetch = { received: before + received, total: received > 0 ? before + received + left : total }
        if (received > 0) status.queued = false
      },
      met: (me) => void meet(me).catch(() => undefined), // The next exchange tells it again.
      bound: () => void notePin().catch(() => undefined),
    })
    failures = 0
    if (current()) Object.assign(status, { online: true, needsPassword: false, outdated: false, problem: null, queued: false })
  } catch (error) {
    // Of somebody who has signed out meanwhile there is nothing to say, and nothing for the next to wait for.
    if (current()) fail(error)
  } finally {
    status.working = 'idle'
    if (!status.queued) status.firstFetch = null
  }
}

/** Note what the server says about the user: his name and what he may do. */
async function meet(me: Me): Promise<void> {
  if (session.me?.id !== me.id || JSON.stringify(session.me) === JSON.stringify(me)) return
  session.me = me
  await registry.users.update(me.id, me) // Nobody, when he has signed out meanwhile.
}

function fail(error: unknown): void {
  status.queued = isQueued(error)
  if (isQueued(error)) {
    turnInMs = waitForTurn(error.retryAfterS)
    Object.assign(status, { online: true, problem: null })
    return
  }
  failures += 1
  if (error instanceof ApiError) {
    status.online = error.code !== 'offline' && navigator.onLine !== false
    status.outdated = error.outdated
    if (error.needsPassword) {
      status.needsPassword = true
      status.problem = null
      leaveIfTurnedAway(portsNow()?.db.holder.sealer).catch(() => undefined) // The next attempt asks again.
      return
    }
  } else {
    console.error('sync:', (error as Error).name)
  }
  status.problem = problemOf(error)
}

/** Where the browser has it, it sends by itself when the network is back, the app closed or not. */
async function askForBackgroundSync(): Promise<void> {
  if (!('serviceWorker' in navigator) || !('SyncManager' in globalThis)) return
  try {
    const registration = (await navigator.serviceWorker.ready) as ServiceWorkerRegistration & {
      sync: { register(tag: string): Promise<void> }
    }
    await registration.sync.register(BACKGROUND_TAG)
  } catch {
    // The person has forbidden it; the timer and the next opening send.
  }
}
