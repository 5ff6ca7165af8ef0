/**
 * The one way in which pending mutations come to lie on top of the server's rows:
 * row = base + waiting mutations in order. Called in the same transaction after whatever
 * changes a base or the outbox: recording, pull, receipt, refusal, resend, drop.
 */
import { isOpen } from '../domain/lifecycle'
import type { Matter, Visit } from '../domain/records'
import { matterIndex, type Database, type EventRow, type OutboxEntry, type StoredMatter, type StoredVisit } from './db'
import { matterAfter, visitAfter } from './effects'

/** Rebuild the matters and visits with these ids. The transaction must hold matters, visits and outbox. */
export async function rebuild(db: Database, ids: Iterable<string>): Promise<void> {
  const wanted = Array.from(new Set(ids))
  if (wanted.length === 0) return
  const touching = await db.outbox.where('records').anyOf(wanted).distinct().sortBy('seq')
  const matters = await db.matters.bulkGet(wanted)
  const visits = await db.visits.bulkGet(wanted)
  for (const [at, id] of wanted.entries()) {
    const mine = touching.filter((entry) => entry.records.includes(id))
    const waiting = mine.filter((entry) => entry.status === 'waiting')
    const refused = waiting.length < mine.length
    await rebuildMatter(db, id, baseOf(matters[at]), waiting, refused)
    await rebuildVisit(db, id, baseOf(visits[at]), waiting, refused)
  }
}

/**
 * Take what the server has just confirmed into the base, so that it stays on the screen until
 * the next pull brings the server's own version. The entry itself leaves the outbox in the same transaction.
 */
export async function confirmLocally(db: Database, entry: OutboxEntry): Promise<void> {
  for (const id of entry.records) {
    const matter = await db.matters.get(id)
    const confirmed = matterAfter(baseOf(matter), id, entry)
    if (confirmed) await db.matters.put(storedMatter(settled(confirmed), false, false))
    const visit = await db.visits.get(id)
    const confirmedVisit = visitAfter(baseOf(visit), id, entry)
    if (confirmedVisit) await db.visits.put({ ...confirmedVisit, pending: false, refused: false })
  }
}

const ROWS_AT_ONCE = 100

/** Put the server's versions; the caller rebuilds what pending mutations touch. */
export async function putServerRecords(db: Database, matters: Matter[], visits: Visit[]): Promise<void> {
  // In steps, between which a finger is heard: a thousand rows at once are copied in one breath.
  for (let from = 0; from < matters.length; from += ROWS_AT_ONCE) {
    const some = matters.slice(from, from + ROWS_AT_ONCE)
    await db.matters.bulkPut(some.map((matter) => storedMatter(matter, false, false)))
  }
  await db.visits.bulkPut(visits.map((visit) => ({ ...visit, pending: false, refused: false })))
}

/** Remove the server's versions; the caller rebuilds what pending mutations touch, from nothing. */
export async function removeServerRecords(db: Database, matterIds: string[], visitIds: string[]): Promise<void> {
  await db.matters.bulkDelete(matterIds)
  await db.visits.bulkDelete(visitIds)
}

async function rebuildMatter(db: Database, id: string, base: Matter | null, waiting: OutboxEntry[], refused: boolean) {
  const now = waiting.reduce<ReturnType<typeof matterAfter>>((row, entry) => matterAfter(row, id, entry), base)
  if (!now) await db.matters.delete(id)
  else if (waiting.length === 0) await db.matters.put(storedMatter(now, false, refused))
  else await db.matters.put({ ...storedMatter(now, true, refused), base })
}

async function rebuildVisit(db: Database, id: string, base: Visit | null, waiting: OutboxEntry[], refused: boolean) {
  const now = waiting.reduce<Visit | null>((row, entry) => visitAfter(row, id, entry), base)
  if (!now) await db.visits.delete(id)
  else if (waiting.length === 0) await db.visits.put({ ...now, pending: false, refused })
  else await db.visits.put({ ...now, pending: true, refused, base })
}

function storedMatter(matter: Matter, pending: boolean, refused: boolean): StoredMatter {
  return { ...matter, pending, refused, ...matterIndex(matter, isOpen(matter.state)) }
}

function settled(matter: Omit<Matter, 'events'> & { events: EventRow[] }): Matter {
  const confirmed = (event: EventRow) => {
    const server = { ...event }
    delete server.pending
    return server
  }
  return { ...matter, events: matter.events.map(confirmed) }
}

/** The server's version: `base` while mutations are pending, else the row without what is only ours. */
export function baseOf<Row extends StoredMatter | StoredVisit>(row: Row | undefined): NonNullable<Row['base']> | null {
  if (!row) return null
  if (row.base !== undefined) return row.base as NonNullable<Row['base']> | null
  const server = { ...row } as Partial<StoredMatter>
  for (const field of LOCAL_FIELDS) delete server[field]
  return server as NonNullable<Row['base']>
}

const LOCAL_FIELDS = ['pending', 'refused', 'mine', 'open', 'base'] as const
