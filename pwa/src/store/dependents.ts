/** Acts on the matters of a visit that the server refused: it does not know these matters, so it refuses the acts too. */
import type { OutboxEntry } from './db'
import type { VisitForm } from './forms'
import { isBlank } from './forms'
import { recorded } from './mutations'
import type { StorePorts } from './ports'

/** What each matter of a visit is called from now on, by the id that acts know it by. */
export type Renamed = Map<string, string>

/** Those of `refused` that can never be taken in without `visit`. */
export function dependentsOf(visit: OutboxEntry, refused: OutboxEntry[]): OutboxEntry[] {
  const mutation = recorded(visit)
  if (mutation.name !== 'visit.record') return []
  const made = mutation.args.matters.map((matter) => matter.id)
  return refused.filter((entry) => {
    const act = recorded(entry)
    return act.name !== 'visit.record' && made.includes(act.args.matter_id) && entry.error?.code === 'matter_not_found'
  })
}

/** The matters of a corrected visit: a form's cards and the mutation's matters are in one order. */
export function renamedBy(form: VisitForm, matters: { id: string }[]): Renamed {
  const kept = form.matters.filter((matter) => !isBlank(matter))
  return new Map(matters.map(({ id }, at) => [kept[at]?.id ?? id, id]))
}

/**
 * The visit is sent again: its acts wait again, behind it. Where its matters have new ids (theirs were
 * taken), acts that were never refused are told of them too. Resolves with the ids of all these matters.
 */
export async function releaseDependents({ db, newId }: StorePorts, renamed: Renamed): Promise<string[]> {
  const matters = [...Array.from(renamed.keys()), ...Array.from(renamed.values())]
  const stuck = await db.outbox
    .where('records')
    .anyOf(matters)
    .filter((entry) => {
      const act = recorded(entry)
      if (act.name === 'visit.record') return false
      return entry.error?.code === 'matter_not_found' || renamed.get(act.args.matter_id) !== act.args.matter_id
    })
    .toArray()
  await db.outbox.bulkPut(
    stuck.map((entry) => {
      const known = entry.args.matter_id as string
      const matter_id = renamed.get(known) ?? known
      return { ...entry, id: newId(), status: 'waiting' as const, error: null, args: { ...entry.args, matter_id }, records: [matter_id] }
    }),
  )
  return matters
}
