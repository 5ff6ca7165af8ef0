/** Answers for reading only (tallies): from the network, else the last one kept, with its time. */
import { onActivated, onDeactivated, ref, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref, type ShallowRef } from 'vue'

import { claimNow } from '../domain/days'
import { ApiError, isOffline, problemOf } from './api'
import type { Ports } from './ports'
import { offlineWhile } from './problems'
import { portsNow } from './session'
import { status } from './status'

const KEPT = 200

export interface AnswerRef<T> {
  /** undefined: not there yet. */
  data: Readonly<ShallowRef<T | undefined>>
  /** When the server gave it: ISO 8601. */
  at: Ref<string | null>
  /** True when it is an older answer because the server could not be asked. */
  kept: Ref<boolean>
  loading: Ref<boolean>
  /** One sentence when the server could not be asked, or refused. */
  problem: Ref<string | null>
  /** The server's refusal code, or the phone's own. */
  code: Ref<string | null>
  reload: () => Promise<void>
}

/**
 * The answer to GET `path`; again when the path changes; null: nothing is asked. `fresh`: again after each
 * sync (on coming back to the app, by its timer, on request) and when a kept page is shown again.
 */
export function useAnswer<T>(path: MaybeRefOrGetter<string | null>, { fresh = false } = {}): AnswerRef<T> {
  const data = shallowRef<T>()
  const at = ref<string | null>(null)
  const kept = ref(false)
  const loading = ref(false)
  const problem = ref<string | null>(null)
  const code = ref<string | null>(null)
  let asked = 0
  let shown: string | null = null

  async function reload(): Promise<void> {
    const ports = portsNow()
    const wanted = toValue(path)
    const turn = ++asked
    const current = () => turn === asked
    problem.value = null
    code.value = null
    if (wanted !== shown) {
      data.value = undefined
      at.value = null
      kept.value = false
    }
    shown = wanted
    loading.value = ports !== null && wanted !== null
    if (!ports || wanted === null) return
    try {
      const answer = await fetchAnswer<T>(ports, wanted)
      if (current()) Object.assign(status, { online: true, needsPassword: false })
      if (current()) show(answer, false)
    } catch (error) {
      if (error instanceof ApiError && error.needsPassword) status.needsPassword = true
      if (isOffline(error)) status.online = false
      const refused = isRefusal(error)
      if (refused) await forgetAnswer(ports, wanted)
      const last = refused ? undefined : await lastAnswer(ports, wanted)
      if (!current()) return
      if (refused) data.value = undefined
      problem.value = isOffline(error) ? offlineWhile.reading : problemOf(error)
      code.value = error instanceof ApiError ? error.code : 'unfinished'
      if (last) show({ body: last.body as T, at: last.at }, true)
    } finally {
      if (current()) loading.value = false
    }
  }

  function show(answer: { body: T; at: string }, old: boolean) {
    data.value = answer.body
    at.value = answer.at
    kept.value = old
  }

  watch(() => toValue(path), reload, { immediate: true })
  // The network is back, or the password was given: what failed is asked again.
  watch(
    () => status.online && !status.needsPassword,
    (possible) => {
      if (possible && problem.value) void reload()
    },
  )
  if (fresh) {
    const inSight = ref(true)
    onActivated(() => (inSight.value = true))
    onDeactivated(() => (inSight.value = false))
    watch([() => status.lastSyncedAt, inSight], () => {
      if (inSight.value && !loading.value) void reload()
    })
  }
  return { data, at, kept, loading, problem, code, reload }
}

/** undefined also when he has signed out meanwhile: his store is closed then. */
async function lastAnswer({ db }: Ports, path: string) {
  return db.answers.get(path).catch(() => undefined)
}

/** Who may not read it any more does not read it without a network either. */
async function forgetAnswer({ db }: Ports, path: string) {
  await db.answers.delete(path).catch(() => undefined)
}

/** Ask the server and keep its answer. Throws ApiError. */
async function fetchAnswer<T>({ api, db, clock }: Ports, path: string): Promise<{ body: T; at: string }> {
  const body = await api.get<T>(path)
  const answer = { body, at: claimNow(clock) }
  await db.transaction('rw', db.answers, async () => {
    await db.answers.put({ path, ...answer })
    const surplus = (await db.answers.count()) - KEPT
    if (surplus > 0) await db.answers.bulkDelete(await db.answers.orderBy('at').limit(surplus).primaryKeys())
  })
  return answer
}

/** The server was asked and said no: an older yes must not be shown in its place. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 403 || error.status === 404)
}
