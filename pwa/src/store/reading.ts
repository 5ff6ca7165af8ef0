/** What the screen shows: live from the local tables, never from the network. */
import { computed, ref, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue'

import type { Unit } from '../domain/records'
import { currentDay } from './currentDay'
import type { Database, MatterRow, OutboxEntry, VisitRow } from './db'
import { useLive } from './live'
import { countMatters, LONG, readHead, readMatters, type MatterFilter } from './matterLists'
import type { RatingCode } from './ratingCodes'

export type { EventRow, MatterRow, OutboxEntry, VisitRow } from './db'
export { currentDay } from './currentDay'

const DRAWN_MS = 50

interface Listed {
  scope: MaybeRefOrGetter<MatterFilter['scope']>
  status: MaybeRefOrGetter<MatterFilter['status']>
}

/**
 * Matters, open first, overdue on top, then the newest. `mine`: those the person has to
 * do with himself; `township`: all that this phone holds. undefined: not read yet.
 */
export function useMatters(filter: Listed): Readonly<Ref<MatterRow[] | undefined>> {
  return useLive(() => asked(filter, readMatters))
}

/** `held`: how many there are. `whole`: false while only the beginning of a long list is read. */
interface Read {
  of: string
  held: number
  rows: MatterRow[]
  whole: boolean
}

/**
 * The same for a screen that is to show something at once: of a long list the beginning, until the rest is opened. While rows come in
 * by the thousand (`growing`) no more than that is read again. undefined: nothing is read yet of what the filter names now.
 */
export function useMatterList(filter: Listed, growing: Readonly<Ref<boolean>>): Readonly<Ref<Read | undefined>> {
  const opening = ref(false)
  const key = () => `${toValue(filter.scope)} ${toValue(filter.status)}`
  const read = useLive(() => {
    const of = key()
    const beginning = growing.value || !opening.value
    return asked(filter, async (db, wanted, on): Promise<Read> => {
      const held = await countMatters(db, wanted)
      const whole = !beginning || held <= LONG
      return { of, held, rows: await (whole ? readMatters : readHead)(db, wanted, on), whole }
    })
  })
  watch(key, () => (opening.value = false))
  watch([read, growing], () => {
    // Drawn first: opening the rest takes what a cheap phone has.
    if (read.value?.whole === false && !growing.value) setTimeout(() => (opening.value = true), DRAWN_MS)
  })
  return computed(() => (read.value?.of === key() ? read.value : undefined))
}

function asked<T>(filter: Listed, read: (db: Database, wanted: MatterFilter, on: string) => Promise<T>): (db: Database) => Promise<T> {
  const wanted = { scope: toValue(filter.scope), status: toValue(filter.status) }
  const on = currentDay.value
  return (db) => read(db, wanted, on)
}

/** One matter; undefined: not read yet, null: not on this phone. */
export function useMatter(id: MaybeRefOrGetter<string>): Readonly<Ref<MatterRow | null | undefined>> {
  return useLive(() => {
    const wanted = toValue(id)
    return async (db) => (await db.matters.get(wanted)) ?? null
  })
}

/** The person's own visits, the newest first. */
export function useVisits(): Readonly<Ref<VisitRow[] | undefined>> {
  return useLive(() => async (db) => {
    const visits = await db.visits.toArray()
    return visits.sort((a, b) => Date.parse(b.happened_at) - Date.parse(a.happened_at))
  })
}

/** One visit with its matters in the order of recording; null: not on this phone. */
export function useVisit(id: MaybeRefOrGetter<string>): Readonly<Ref<{ visit: VisitRow; matters: MatterRow[] } | null | undefined>> {
  return useLive(() => {
    const wanted = toValue(id)
    return async (db) => {
      const visit = await db.visits.get(wanted)
      return visit ? { visit, matters: await db.matters.where('visit_id').equals(wanted).sortBy('id') } : null
    }
  })
}

/** The codes that this phone made for a matter's resident. */
export function useRatingCodes(matterId: MaybeRefOrGetter<string>): Readonly<Ref<RatingCode[] | undefined>> {
  return useLive(() => {
    const wanted = toValue(matterId)
    return (db) => db.ratingCodes.where('matter_id').equals(wanted).toArray()
  })
}

/** The units that a matter can be assigned to. */
export function useUnits(): Readonly<Ref<Unit[] | undefined>> {
  return useLive(() => (db) => db.units.toArray())
}

/** 需处理: what the server refused, in the order of recording. */
export function useRefused(): Readonly<Ref<OutboxEntry[] | undefined>> {
  return useLive(() => (db) => db.outbox.where('status').equals('refused').sortBy('seq'))
}

/** How many mutations wait for the server's receipt. */
export function useOutboxCount(): Readonly<Ref<number | undefined>> {
  return useLive(() => (db) => db.outbox.where('status').equals('waiting').count())
}
