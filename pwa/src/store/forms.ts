/** From what was typed to a mutation's arguments (CONTRACT.md), and back for what was refused. */
import { claim, claimNow } from '../domain/days'
import type { Act, ActOnMatter, Category, Changes, CorrectMatter, NewMatter, RecordVisit, ReturnReason, SeenFields, VisitKind } from '../domain/records'
import { cleanLine, cleanPhone, cleanText } from '../domain/text'
import type { OutboxEntry } from './db'
import { recorded, type Recorded } from './mutations'
import type { StorePorts } from './ports'

type NewId = StorePorts['newId']

/** The ids are given when a form is opened and kept in its draft, so that it is one record in any tab. */
export interface MatterForm {
  id?: string
  raisedEventId?: string
  resolveEventId?: string
  title: string
  category: Category | ''
  detail: string
  residentName: string
  residentPhone: string
  /** Resolved on the spot, or still open (null counts as open). */
  outcome: 'resolved' | 'open' | null
  resolvedText: string
}

export interface VisitForm {
  id?: string
  kind: VisitKind | ''
  villageCode: string
  /** The village was filled in for the person, who has not chosen one. */
  villageGuessed?: boolean
  /** A claim, or the value of a datetime-local input; null: now. */
  happenedAt: string | null
  /** When the first thing was typed. */
  startedAt?: string | null
  note: string
  matters: MatterForm[]
}

/** An act of the lifecycle table; `changes` belong to `correct` alone. */
export interface ActForm {
  eventId?: string
  matterId: string
  act: Act
  text?: string
  unitId?: string
  dueDay?: string
  intoId?: string
  reason?: ReturnReason
  changes?: Changes
  /** What stood in those fields when they were changed. */
  seen?: SeenFields
  /** As in VisitForm; left out: now. */
  happenedAt?: string | null
  startedAt?: string | null
}

export interface CorrectionForm {
  eventId?: string
  matterId: string
  changes: Changes
  seen?: SeenFields
  text?: string
  happenedAt?: string | null
}

/** A form as it is opened: with one matter card ready, which may stay empty. */
export function emptyVisit(newId: NewId): VisitForm {
  const empty = { kind: '', villageCode: '', villageGuessed: false, happenedAt: null, startedAt: null, note: '' } as const
  return { ...empty, id: newId(), matters: [emptyMatter(newId)] }
}

export function emptyMatter(newId: NewId): MatterForm {
  const empty = { title: '', category: '', detail: '', residentName: '', residentPhone: '', resolvedText: '' } as const
  return { ...matterIds(newId), ...empty, outcome: null }
}

/** Give `form` new ids, so that it is a record of its own. */
export function renewIds(newId: NewId, form: VisitForm | ActForm): void {
  if (!('villageCode' in form)) form.eventId = newId()
  else {
    form.id = newId()
    for (const matter of form.matters) Object.assign(matter, matterIds(newId))
  }
}

function matterIds(newId: NewId): Required<Pick<MatterForm, 'id' | 'raisedEventId' | 'resolveEventId'>> {
  return { id: newId(), raisedEventId: newId(), resolveEventId: newId() }
}

/** True for a matter of a form in which nothing was typed or chosen. */
export function isBlank(matter: MatterForm): boolean {
  const { title, category, detail, residentName, residentPhone, resolvedText } = matter
  return [title, category, detail, residentName, residentPhone, resolvedText].every((field) => !cleanText(field))
}

/** Ids that the server has already given to something else would be refused for ever: new ones are made. */
export const idTaken = (old?: OutboxEntry) => old?.error?.code === 'id_taken'

/** The mutation for a visit; a corrected one keeps the ids of the refused `old`. */
export function visitMutation(ports: StorePorts, form: VisitForm, old?: OutboxEntry): Recorded & { name: 'visit.record' } {
  const before = old ? (recorded(old).args as RecordVisit) : undefined
  const anew = idTaken(old)
  const args: RecordVisit = {
    id: (!anew && (form.id ?? before?.id)) || ports.newId(),
    kind: form.kind as VisitKind,
    village_code: form.villageCode,
    happened_at: claimed(ports, form.happenedAt),
    note: cleanText(form.note) || null,
    matters: form.matters
      .filter((matter) => !isBlank(matter))
      .map((matter) => {
        const named = anew ? { ...matter, ...matterIds(ports.newId) } : matter
        return newMatter(ports, named, before?.matters.find((each) => each.id === named.id))
      }),
  }
  return { name: 'visit.record', args }
}

function newMatter(ports: StorePorts, form: MatterForm, before?: NewMatter): NewMatter {
  const name = cleanLine(form.residentName)
  const phone = cleanPhone(form.residentPhone)
  const detail = cleanText(form.detail)
  const made = {
    id: form.id ?? ports.newId(),
    title: cleanLine(form.title),
    category: form.category as Category,
    raised_event_id: form.raisedEventId ?? before?.raised_event_id ?? ports.newId(),
  } as NewMatter
  if (detail) made.detail = detail
  if (name || phone) made.resident = { name: name || null, phone: phone || null }
  if (form.outcome === 'resolved') {
    const event_id = form.resolveEventId ?? before?.resolved?.event_id ?? ports.newId()
    made.resolved = { event_id, text: cleanText(form.resolvedText) }
  }
  return made
}

/** The mutation for an act or a correction; a corrected one keeps the event id of the refused `old`. */
export function actMutation(ports: StorePorts, form: ActForm, old?: OutboxEntry): Recorded {
  const before = old ? (recorded(old).args as ActOnMatter | CorrectMatter).event_id : undefined
  const event_id = (!idTaken(old) && (form.eventId ?? before)) || ports.newId()
  const happened_at = claimed(ports, form.happenedAt ?? null)
  const text = cleanText(form.text ?? '')
  const common = { event_id, matter_id: form.matterId, happened_at, ...(text ? { text } : {}) }
  if (form.act === 'correct') {
    const changes = cleanChanges(form.changes ?? {})
    const seen = Object.fromEntries(Object.entries(form.seen ?? {}).filter(([field]) => field in changes)) as SeenFields
    return { name: 'matter.correct', args: { ...common, changes, ...(Object.keys(seen).length > 0 ? { seen } : {}) } }
  }
  const args = { ...common, act: form.act } as ActOnMatter
  if (form.unitId) args.unit_id = form.unitId
  if (form.dueDay) args.due_day = form.dueDay
  if (form.intoId) args.into_id = form.intoId
  if (form.reason) args.reason = form.reason
  return { name: 'matter.act', args }
}

function cleanChanges(changes: Changes): Changes {
  const clean: Changes = { ...changes }
  if (typeof clean.title === 'string') clean.title = cleanLine(clean.title)
  if (typeof clean.detail === 'string') clean.detail = cleanText(clean.detail) || null
  if (typeof clean.resident_name === 'string') clean.resident_name = cleanLine(clean.resident_name) || null
  if (typeof clean.resident_phone === 'string') clean.resident_phone = cleanPhone(clean.resident_phone) || null
  return clean
}

function claimed(ports: StorePorts, happenedAt: string | null): string {
  return happenedAt === null ? claimNow(ports.clock) : claim(happenedAt)
}

/** The form of a visit in the outbox, to be corrected; null for another mutation. */
export function visitFormOf(entry: OutboxEntry): VisitForm | null {
  const mutation = recorded(entry)
  if (mutation.name !== 'visit.record') return null
  const { id, kind, village_code, happened_at, note, matters } = mutation.args
  return {
    id,
    kind,
    villageCode: village_code,
    happenedAt: happened_at,
    note: note ?? '',
    matters: matters.map((matter) => ({
      id: matter.id,
      raisedEventId: matter.raised_event_id,
      ...(matter.resolved ? { resolveEventId: matter.resolved.event_id } : {}),
      title: matter.title,
      category: matter.category,
      detail: matter.detail ?? '',
      residentName: matter.resident?.name ?? '',
      residentPhone: matter.resident?.phone ?? '',
      outcome: matter.resolved ? 'resolved' : 'open',
      resolvedText: matter.resolved?.text ?? '',
    })),
  }
}

/** The form of an act or correction in the outbox, to be corrected; null for a visit. */
export function actFormOf(entry: OutboxEntry): ActForm | null {
  const mutation = recorded(entry)
  if (mutation.name === 'visit.record') return null
  const { event_id, matter_id, happened_at, text } = mutation.args
  const common = { eventId: event_id, matterId: matter_id, happenedAt: happened_at, text: text ?? '' }
  if (mutation.name === 'matter.correct') {
    const { changes, seen } = mutation.args
    return { ...common, act: 'correct', changes, ...(seen ? { seen } : {}) }
  }
  const { act, unit_id, due_day, into_id, reason } = mutation.args
  return {
    ...common,
    act,
    ...(unit_id ? { unitId: unit_id } : {}),
    ...(due_day ? { dueDay: due_day } : {}),
    ...(into_id ? { intoId: into_id } : {}),
    ...(reason ? { reason } : {}),
  }
}
