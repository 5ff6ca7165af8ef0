/**
 * What each mutation does to the local rows, as pure functions. It is a guess at what the server
 * will say, shown as 待上传; the server's version replaces it.
 */
import { dayOf, dueDayByLaw, isBackfill } from '../domain/days'
import { isAnswered, isOpen, nextState, refusal, type LifecycleRefusal } from '../domain/lifecycle'
import type { ActOnMatter, CorrectMatter, Matter, MatterEvent, NewMatter, RecordVisit, Relation, State, Visit } from '../domain/records'
import type { EventRow, OutboxEntry } from './db'
import { recorded } from './mutations'

type MatterNow = Omit<Matter, 'events'> & { events: EventRow[] }

/** The visit after the mutation, or as it was. */
export function visitAfter(visit: Visit | null, id: string, entry: OutboxEntry): Visit | null {
  const mutation = recorded(entry)
  if (visit || mutation.name !== 'visit.record' || mutation.args.id !== id) return visit
  const { kind, village_code, happened_at, note } = mutation.args
  const backfill = isBackfill(happened_at, entry.made_at)
  return { id, kind, village_code, village_name: entry.seen.villageName, note: note ?? null, happened_at, backfill }
}

/** The matter after the mutation, or as it was: an event that it already holds is not added again. */
export function matterAfter(matter: MatterNow | null, id: string, entry: OutboxEntry): MatterNow | null {
  const mutation = recorded(entry)
  if (mutation.name === 'visit.record') {
    const made = mutation.args.matters.find((each) => each.id === id)
    return matter ?? (made ? raised(mutation.args, made, entry) : null)
  }
  const { event_id, matter_id } = mutation.args
  if (!matter || matter_id !== id || matter.events.some((event) => event.id === event_id)) return matter
  if (mutation.name === 'matter.act') return acted(matter, mutation.args, entry)
  return mutation.name === 'matter.correct' ? corrected(matter, mutation.args, entry) : matter
}

function raised(visit: RecordVisit, made: NewMatter, entry: OutboxEntry): MatterNow {
  const { seen } = entry
  const backfill = isBackfill(visit.happened_at, entry.made_at)
  const begins = seen.beginnings?.[made.id]
  const elsewhere = begins?.unitId ?? null
  const relations: Relation[] = seen.ownVillage ? ['author', 'cadre'] : ['author']
  if (elsewhere === null) relations.push('township')
  const state = elsewhere === null ? 'raised' : 'assigned'
  const given = {
    unit_name: elsewhere === null ? seen.unitName : (begins?.unitName ?? ''),
    due_day: begins?.dueDay ?? dueDayByLaw(visit.happened_at),
  }
  const matter: MatterNow = {
    id: made.id,
    visit_id: visit.id,
    visit_kind: visit.kind,
    village_code: visit.village_code,
    village_name: seen.villageName,
    title: made.title,
    category: made.category,
    detail: made.detail ?? null,
    resident: made.resident ? { name: made.resident.name ?? null, phone: made.resident.phone ?? null } : null,
    state,
    unit_id: elsewhere ?? seen.unitId,
    ...given,
    raised_at: visit.happened_at,
    received_at: entry.made_at,
    backfill,
    closed_at: null,
    on_the_spot: false,
    merged_into_id: null,
    beyond_power_day: null,
    responsibility_id: begins?.ruleId ?? null,
    author_id: seen.actorId,
    author_name: seen.actorName,
    relations,
    events: [eventOf(entry, made.raised_event_id, 'raise', visit.happened_at, { to_state: state, ...given })],
  }
  if (!made.resolved) return matter
  const { event_id, text } = made.resolved
  const more = { text, from_state: 'raised', to_state: 'resolved' } as const
  matter.events.push(eventOf(entry, event_id, 'resolve', visit.happened_at, more))
  return { ...matter, state: 'resolved', closed_at: visit.happened_at, on_the_spot: true }
}

function acted(matter: MatterNow, args: ActOnMatter, entry: OutboxEntry): MatterNow {
  const before = matter.state
  const refused = kept(refusal(args.act, before, matter.relations, isAnswered(matter)))
  const state = (refused ? before : nextState(args.act, before)) as State
  const { seen } = entry
  const goesUp = args.act === 'return' || args.act === 'escalate'
  const moved = args.act === 'assign' || (goesUp && !refused)
  const event = eventOf(entry, args.event_id, args.act, args.happened_at, {
    text: args.text ?? null,
    from_state: before,
    to_state: state,
    refused_because: refused,
    unit_name: moved && seen.unitName ? seen.unitName : null,
    due_day: args.due_day ?? null,
    reason: args.reason ?? null,
  })
  const after: MatterNow = { ...matter, state, events: [...matter.events, event] }
  if (refused) return after
  // A returned matter is the township's again; a bureau's phone may not know that unit, and waits for the server.
  if (moved && seen.unitId) {
    after.unit_id = seen.unitId
    after.unit_name = seen.unitName
    after.relations = relationsTo(matter.relations, seen.toTownship ?? false)
  }
  if (args.act === 'escalate' || (args.reason === 'beyond_power' && seen.fromTownship)) {
    after.beyond_power_day = matter.beyond_power_day ?? dayOf(Date.parse(args.happened_at))
  }
  if (args.act === 'assign' || args.act === 'extend') after.due_day = args.due_day ?? matter.due_day
  if (args.act === 'merge') after.merged_into_id = args.into_id ?? null
  if (isOpen(state)) return { ...after, closed_at: null, on_the_spot: false }
  return isOpen(before) ? { ...after, closed_at: args.happened_at, on_the_spot: false } : after
}

/** What is not done is kept as a note that came too late; what nobody may ever do no button offers. */
const kept = (refused: LifecycleRefusal | null) => (refused === 'resident_answered' ? refused : refused && 'state_forbids')

/** What the person is to a matter once a unit of its own township has it, or another (server/domain/access.py). */
function relationsTo(relations: Relation[], ofTownship: boolean): Relation[] {
  const others = relations.filter((relation) => relation !== 'township')
  const speaks = ofTownship && others.some((relation) => relation === 'author' || relation === 'cadre' || relation === 'coordinator')
  return speaks ? [...others, 'township'] : others
}

function corrected(matter: MatterNow, args: CorrectMatter, entry: OutboxEntry): MatterNow {
  const refused = kept(refusal('correct', matter.state, matter.relations))
  const { changes } = args
  const standing: Record<string, string | null> = {
    title: matter.title,
    category: matter.category,
    detail: matter.detail,
    resident_name: matter.resident?.name ?? null,
    resident_phone: matter.resident?.phone ?? null,
  }
  const event = eventOf(entry, args.event_id, 'correct', args.happened_at, {
    text: args.text ?? null,
    from_state: matter.state,
    to_state: matter.state,
    refused_because: refused,
    changes: (Object.keys(changes) as (keyof typeof changes)[]).map((field) => ({
      field,
      before: standing[field] ?? null,
      after: changes[field] ?? null,
    })),
  })
  const after: MatterNow = { ...matter, events: [...matter.events, event] }
  if (refused) return after
  const { resident_name, resident_phone, ...plain } = changes
  const name = resident_name === undefined ? standing.resident_name : resident_name
  const phone = resident_phone === undefined ? standing.resident_phone : resident_phone
  const resident = name || phone ? { name: name || null, phone: phone || null } : null
  return { ...after, ...plain, resident }
}

function eventOf(
  entry: OutboxEntry,
  id: string,
  act: EventRow['act'],
  happenedAt: string,
  more: Partial<MatterEvent> & Pick<MatterEvent, 'to_state'>,
): EventRow {
  return {
    id,
    act,
    text: null,
    actor_name: entry.seen.actorName,
    happened_at: happenedAt,
    received_at: entry.made_at,
    backfill: isBackfill(happenedAt, entry.made_at),
    clock_offset_s: 0,
    from_state: null,
    refused_because: null,
    unit_name: null,
    due_day: null,
    reason: null,
    rating: null,
    changes: [],
    ...more,
    pending: true,
  }
}
