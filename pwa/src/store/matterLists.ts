/** Which matters a list holds, in which order, and what a search finds in them. */
import { daysOverdue } from '../domain/days'
import type { Database, MatterRow } from './db'

export interface MatterFilter {
  scope: 'mine' | 'township'
  status: 'open' | 'closed' | 'all'
}

/** The matters of a list, in its order as of the day `on`. Only what the filter names is read from the disk. */
export async function readMatters(db: Database, { scope, status }: MatterFilter, on?: string): Promise<MatterRow[]> {
  const open = status === 'open' ? 1 : 0
  const rows =
    scope === 'mine'
      ? status === 'all'
        ? db.matters.where('[mine+open]').between([1, 0], [1, 1], true, true)
        : db.matters.where('[mine+open]').equals([1, open])
      : status === 'all'
        ? db.matters.toCollection()
        : db.matters.where('open').equals(open)
  return inOrder(await rows.toArray(), on)
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
