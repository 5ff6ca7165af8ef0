/** A form is one record, however often and in however many tabs 保存 is tapped: its ids say so. */
import type { Database, OutboxEntry } from './db'
import { recorded, recordsOf, type Recorded } from './mutations'
import { baseOf } from './rebuild'

/** The id of what the mutation makes: of the visit, or of the history's entry. */
export function madeBy(mutation: Recorded): string {
  return mutation.name === 'visit.record' ? mutation.args.id : mutation.args.event_id
}

/** What this phone has of the same record: its entry in the outbox, 'sent', or null: nothing. */
export async function findKnown(db: Database, mutation: Recorded): Promise<OutboxEntry | 'sent' | null> {
  const id = madeBy(mutation)
  const record = recordsOf(mutation)[0] as string
  const entry = await db.outbox
    .where('records')
    .equals(record)
    .filter((each) => madeBy(recorded(each)) === id)
    .first()
  if (entry) return entry
  return (await isAtServer(db, mutation)) ? 'sent' : null
}

/** True when the server's own versions on this phone hold what the mutation makes. */
export async function isAtServer(db: Database, mutation: Recorded): Promise<boolean> {
  const id = madeBy(mutation)
  if (mutation.name === 'visit.record') return baseOf(await db.visits.get(id)) !== null
  const matter = baseOf(await db.matters.get(mutation.args.matter_id))
  return matter?.events.some((event) => event.id === id) ?? false
}

/** True when both say the same; `anyTime`: whatever time they claim, since it was 'now' for each. */
export function saySame(entry: OutboxEntry, mutation: Recorded, anyTime: boolean): boolean {
  const time = anyTime ? { happened_at: null } : {}
  // A code is made when the record is kept, so that only the kept one has it; what was seen is no part of what is said.
  const left = ['rating_code', 'seen']
  const said = (args: object) => JSON.stringify({ ...args, ...time }, (key, value: unknown) => (left.includes(key) ? undefined : value))
  return said(entry.args) === said(mutation.args)
}
