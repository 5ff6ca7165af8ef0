/** Small facts beside the records, each under its key; cursors under `cursor:<scope>`. */
import { offsetAfter, type Clock } from '../domain/clock'
import type { Database } from './db'
import type { KnownLists } from './responsibilities'

interface Facts {
  /** The version of the user's access that the cursors belong to. */
  access_version: number
  reference_etag: string
  responsibilities: KnownLists
  /** The case library as this phone has it, and when it was last asked for (by its clock, in ms). */
  cases: { etag: string | undefined; asked_ms: number }
  /** Server minus device clock as last measured, and what the device's clock showed when it was last looked at. */
  clock: { offset_ms: number; seen_ms: number }
  /** ISO 8601: when everything had last been sent and fetched. */
  last_synced_at: string
  /** The id of the phone that this user had to leave: nothing more is recorded on it. */
  left: string
}

const CURSOR = 'cursor:'

export async function readFact<K extends keyof Facts>(db: Database, key: K): Promise<Facts[K] | undefined> {
  return (await db.meta.get(key))?.value as Facts[K] | undefined
}

export async function writeFact<K extends keyof Facts>(db: Database, key: K, value: Facts[K]): Promise<void> {
  await db.meta.put({ key, value })
}

/** Keep what is known of the clock for the next start, which has nothing else to tell a clock that was set meanwhile. */
export function noteClock(db: Database, clock: Clock): Promise<void> {
  return writeFact(db, 'clock', { offset_ms: clock.offsetMs, seen_ms: clock.now() })
}

/** Take up what was known of the clock, as far as it still holds. */
export async function recallClock(db: Database, clock: Clock): Promise<void> {
  const last = await readFact(db, 'clock')
  clock.offsetMs = last ? offsetAfter(last.offset_ms, clock.now() - last.seen_ms) : 0
}

export interface Cursor {
  scope: string
  version: number
}

/** How far the phone has come in reading what the server has. */
export interface Position {
  access_version: number
  cursors: Cursor[]
}

export async function readPosition(db: Database): Promise<Position> {
  return { access_version: (await readFact(db, 'access_version')) ?? 0, cursors: await readCursors(db) }
}

export async function readCursors(db: Database): Promise<Cursor[]> {
  const rows = await db.meta.where('key').startsWith(CURSOR).toArray()
  return rows.map(({ key, value }) => ({ scope: key.slice(CURSOR.length), version: value as number }))
}

export async function writeCursors(db: Database, cursors: Cursor[]): Promise<void> {
  await db.meta.bulkPut(cursors.map(({ scope, version }) => ({ key: CURSOR + scope, value: version })))
}

export async function forgetCursors(db: Database, scopes?: string[]): Promise<void> {
  if (scopes) await db.meta.bulkDelete(scopes.map((scope) => CURSOR + scope))
  else await db.meta.where('key').startsWith(CURSOR).delete()
}
