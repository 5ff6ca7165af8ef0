/** The arguments of each mutation, as CONTRACT.md says, and which records it touches. */
import type { ActOnMatter, CorrectMatter, Mutation, RecordVisit } from '../domain/records'

export type Recorded =
  | { name: 'visit.record'; args: RecordVisit }
  | { name: 'matter.act'; args: ActOnMatter }
  | { name: 'matter.correct'; args: CorrectMatter }

/** A mutation from the outbox with its arguments' type: it was built by forms.ts. */
export function recorded(mutation: Pick<Mutation, 'name' | 'args'>): Recorded {
  return mutation as unknown as Recorded
}

interface Settlement {
  eventId: string
  matterId: string
  /** Where its rating code stands. */
  args: { rating_code?: string | null }
}

const RATED: readonly string[] = ['resolve', 'explain', 'invite']

/** The entries about which a resident is asked for his word. */
export function settlements(mutation: Recorded): Settlement[] {
  if (mutation.name === 'matter.correct') return []
  if (mutation.name === 'matter.act') {
    const { args } = mutation
    return RATED.includes(args.act) ? [{ eventId: args.event_id, matterId: args.matter_id, args }] : []
  }
  return mutation.args.matters.flatMap(({ id, resolved }) => (resolved ? [{ eventId: resolved.event_id, matterId: id, args: resolved }] : []))
}

/** Ids of the visits and matters that it makes or changes. */
export function recordsOf(mutation: Recorded): string[] {
  if (mutation.name !== 'visit.record') return [mutation.args.matter_id]
  return [mutation.args.id, ...mutation.args.matters.map((matter) => matter.id)]
}
