/** Which matters a list holds, in which order, and what a search finds in them. */
import { daysOverdue } from '../domain/days'
import type { Database, MatterRow } from './db'

export interface MatterFilter {
  scope: 'mine' | 'township'
  status: 'open' | 'closed' | 'all'
}

/** More than so many are opened by so many at a time: the screen must not stand still for them. */
export const LONG = 100
const HEAD = 30

/** The matters of a list, in its order as of the day `on`. Only what the filter names is read from the disk. */
export async function readMatters(db: Database, filter: MatterFilter, on?: string): Promise<MatterRow[]> {
  const keys = await found(db, filter).primaryKeys()
  return inOrder(keys.length <= LONG ? await found(db, filter).toArray() : await readInSlices(db, keys), on)
}

function found(db: Database, { scope, status }: MatterFilter) {
  const open = status === 'open' ? 1 : 0
  if (scope === 'mine') {
    const mine = db.matters.where('[mine+open]')
    return status === 'all' ? mine.between([1, 0], [1, 1], true, true) : mine.equals([1, open])
  }
  return status === 'all' ? db.matters.toCollection() : db.matters.where('open').equals(open)
}

/** Range by range where at least half of what is held is wanted, else row by row. */
async function readInSlices(db: Database, keys: string[]): Promise<MatterRow[]> {
  const held = await db.matters.toCollection().primaryKeys()
  const isSparse = keys.length * 2 < held.length
  const wanted = new Set(keys)
  const rows: MatterRow[] = []
  for (const slice of slices(isSparse ? keys : held)) {
    const mine = slice.filter((key) => wanted.has(key))
    if (mine.length === 0) continue
    const read = isSparse ? db.matters.bulkGet(mine) : db.matters.where('id').between(mine[0], mine[mine.length - 1], true, true).toArray()
    for (const row of await read) if (row && wanted.has(row.id)) rows.push(row)
  }
  return rows
}

function slices(keys: string[]): string[][] {
  return Array.from({ length: Math.ceil(keys.length / LONG) }, (_, at) => keys.slice(at * LONG, (at + 1) * LONG))
}

/** How many matters a list holds; none of them is opened for it. */
export function countMatters(db: Database, filter: MatterFilter): Promise<number> {
  return found(db, filter).count()
}

/** What one's own list of open matters begins with, and of any other the newest: on the screen before the rest is opened. */
export async function readHead(db: Database, filter: MatterFilter, on: string): Promise<MatterRow[]> {
  const mine = filter.scope === 'mine' && filter.status === 'open'
  const late = mine ? await db.matters.where('[mine+open+due_day]').between([1, 1, ''], [1, 1, on]).limit(HEAD).toArray() : []
  const newest = late.length < HEAD ? await found(db, filter).reverse().limit(HEAD).toArray() : []
  const rows = new Map([...late, ...newest].map((row) => [row.id, row]))
  return inOrder(Array.from(rows.values()), on)
}

/** Open first, what is overdue on top (longest first), then the newest. */
export function inOrder<Row extends MatterRow & { open?: 0 | 1 }>(rows: Row[], on?: string): Row[] {
  const keyed = rows.map((row) => ({ row, late: daysOverdue(row, on), open: row.open ?? 0, raised: Date.parse(row.raised_at) }))
  keyed.sort((a, b) => b.open - a.open || b.late - a.late || b.raised - a.raised)
  return keyed.map(({ row }) => row)
}

const textOf = new WeakMap<MatterRow, string>()

/** The matters in which every word of `search` occurs: title, detail, place, resident, unit, author. */
export function searchMatters(rows: MatterRow[], search: string): MatterRow[] {
  const words = search.trim().toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return rows
  return rows.filter((row) => {
    const text = searchable(row)
    return words.every((word) => text.includes(word))
  })
}

function searchable(row: MatterRow): string {
  let text = textOf.get(row)
  if (text === undefined) {
    const { title, detail, village_name, resident, unit_name, author_name } = row
    const parts = [title, detail, village_name, resident?.name, resident?.phone, unit_name, author_name]
    text = parts.filter(Boolean).join('\n').toLowerCase()
    textOf.set(row, text)
  }
  return text
}
