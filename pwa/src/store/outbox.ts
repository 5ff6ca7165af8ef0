/**
 * What a person records: each act is one transaction over the rows it changes and the outbox, and
 * resolves when it is on the disk (CONTRACT rule 1). record.ts binds it to the signed-in user.
 */
import { townshipOf } from '../domain/areas'
import { claimNow } from '../domain/days'
import type { ActOnMatter } from '../domain/records'
import type { Database, OutboxEntry, Seen } from './db'
import { dependentsOf, releaseDependents, renamedBy } from './dependents'
import { draftKeys } from './draftKeys'
import { actMutation, idTaken, visitMutation, type ActForm, type VisitForm } from './forms'
import { findKnown, isAtServer, madeBy, saySame } from './known'
import { checkStays } from './leaving'
import { recordsOf, settlements, recorded, type Recorded } from './mutations'
import type { StorePorts } from './ports'
import { codeOf } from './ratingCodes'
import { rebuild } from './rebuild'
import { beginningsOf } from './responsibilities'
import { NotSaved, SavedBefore } from './saveProblem'

const SAVED_BEFORE = '这一条已经保存过了，请先看看记录。这里写的如果是另一条，请再点一次“保存”。'
const CHANGED_ELSEWHERE = '这一条已在别处处理过，这里改的没有保存。请打开这件事项看看，还要改就点“更正”。'

/** The transaction of all that changes what is recorded. Throws NotSaved on a phone that its user had to leave. */
function recording<T>({ db, deviceId }: StorePorts, work: () => Promise<T>): Promise<T> {
  const tables = [db.matters, db.visits, db.outbox, db.drafts, db.areas, db.units, db.meta, db.ratingCodes]
  return db.transaction('rw', tables, async () => {
    await checkStays(db, deviceId)
    return work()
  })
}

/**
 * Record a visit with its matters; resolves with the visit's id. `draftKey`: the draft that this
 * was typed in, gone in the same transaction, so that a kill in between cannot bring it back to be
 * saved again. A form whose visit is already recorded is not recorded twice.
 */
export function addVisit(ports: StorePorts, form: VisitForm, draftKey?: string): Promise<string> {
  return recordOnce(ports, form, draftKey)
}

/** Record an act or a correction, once; resolves with the event's id. */
export function addAct(ports: StorePorts, form: ActForm, draftKey?: string): Promise<string> {
  return recordOnce(ports, form, draftKey)
}

function recordOnce(ports: StorePorts, form: VisitForm | ActForm, draftKey?: string): Promise<string> {
  const { db } = ports
  return recording(ports, async () => {
    const typed = mutationOf(ports, form)
    const known = await findKnown(db, typed)
    const refused = known && known !== 'sent' && known.status === 'refused' ? known : undefined
    const mutation = refused ? await corrected(ports, form, refused) : typed
    if (!known || refused) await enqueue(ports, form, mutation, refused)
    else if (known === 'sent' || !saySame(known, typed, !form.happenedAt)) throw new SavedBefore(SAVED_BEFORE)
    if (draftKey) await db.drafts.delete(draftKey)
    return madeBy(mutation)
  })
}

/**
 * Send a refused mutation again, corrected: a new mutation id, the same record ids, the old place
 * in the order. What was refused only because its matter was, goes again with it.
 */
export function addAgain(ports: StorePorts, mutationId: string, form: VisitForm | ActForm, draftKey?: string): Promise<void> {
  const { db } = ports
  return recording(ports, async () => {
    const old = await db.outbox.where('id').equals(mutationId).first()
    const refused = old?.status === 'refused' ? old : undefined
    const mutation = refused ? await corrected(ports, form, refused) : mutationOf(ports, form)
    if (refused) await enqueue(ports, form, mutation, refused)
    else {
      // Tapped twice, or dealt with in another tab: what was typed here must not vanish as if it had been sent.
      const known = await findKnown(db, mutation)
      if (!known || known === 'sent' || !saySame(known, mutation, !form.happenedAt)) throw new NotSaved(CHANGED_ELSEWHERE)
    }
    if (draftKey) await db.drafts.delete(draftKey)
  })
}

function mutationOf(ports: StorePorts, form: VisitForm | ActForm, old?: OutboxEntry): Recorded {
  return 'villageCode' in form ? visitMutation(ports, form, old) : actMutation(ports, form, old)
}

/**
 * What goes in the place of a refused one. Where its ids are taken it gets new ones, unless the server has this very record: by
 * another phone, or by a file. Throws SavedBefore then.
 */
async function corrected(ports: StorePorts, form: VisitForm | ActForm, old: OutboxEntry): Promise<Recorded> {
  const typed = mutationOf(ports, form)
  const same = idTaken(old) && madeBy(typed) === madeBy(recorded(old))
  if (same && (await isAtServer(ports.db, typed))) throw new SavedBefore(SAVED_BEFORE)
  return mutationOf(ports, form, old)
}

/**
 * Give a refused mutation up, with what can never be taken in without it, and the half-typed forms about
 * it; resolves with how many went. One that still waits is never dropped: it may already be at the server.
 */
export function dropRefused(ports: StorePorts, mutationId: string): Promise<number> {
  const { db } = ports
  return recording(ports, async () => {
    const refused = await db.outbox.where('status').equals('refused').toArray()
    const given = refused.find((entry) => entry.id === mutationId)
    if (!given) return 0
    const gone = [given, ...dependentsOf(given, refused)]
    await db.outbox.bulkDelete(gone.map((entry) => entry.seq as number))
    await db.ratingCodes.bulkDelete(gone.flatMap((entry) => settlements(recorded(entry)).map(({ eventId }) => eventId)))
    const records = gone.flatMap((entry) => entry.records)
    await rebuild(db, records)
    await forgetDrafts(db, given.name === 'visit.record' ? given.records : [])
    return gone.length
  })
}

/** Half-typed forms that nobody can come back to: they may hold a resident's name. */
async function forgetDrafts(db: Database, records: string[]): Promise<void> {
  const refused = (await db.outbox.where('status').equals('refused').toArray()).map((entry) => draftKeys.refused(entry.id))
  const corrections = await db.drafts.where('key').startsWith(draftKeys.refused('')).primaryKeys()
  const lost = (await db.matters.bulkGet(records)).map((matter, at) => (matter ? '' : draftKeys.act(records[at] as string)))
  const acts = await db.drafts.where('key').startsWithAnyOf(lost.filter(Boolean)).primaryKeys()
  await db.drafts.bulkDelete([...corrections.filter((key) => !refused.includes(key)), ...acts])
}

async function enqueue(ports: StorePorts, form: VisitForm | ActForm, mutation: Recorded, replaces?: OutboxEntry): Promise<void> {
  const { db, clock, newId } = ports
  for (const { eventId, matterId, args } of settlements(mutation)) args.rating_code = await codeOf(db, eventId, matterId, claimNow(clock))
  const entry: OutboxEntry = {
    ...(replaces ? { seq: replaces.seq as number } : {}),
    id: newId(),
    name: mutation.name,
    // Sent again, it was still recorded when it was: 补录 asks for that.
    made_at: replaces?.made_at ?? claimNow(clock),
    args: mutation.args as unknown as OutboxEntry['args'],
    status: 'waiting',
    error: null,
    records: recordsOf(mutation),
    seen: await seenNow(ports, mutation),
  }
  await db.outbox.put(entry)
  const touched = [...entry.records]
  if (replaces) touched.push(...replaces.records)
  if (replaces && mutation.name === 'visit.record') {
    touched.push(...(await releaseDependents(ports, renamedBy(form as VisitForm, mutation.args.matters))))
  }
  await rebuild(db, touched)
  if (replaces) await db.drafts.delete(draftKeys.refused(replaces.id))
}

async function seenNow({ db, me }: StorePorts, mutation: Recorded): Promise<Seen> {
  const seen = { actorId: me.id, actorName: me.name, villageName: '', ownVillage: false, unitId: '', unitName: '' }
  if (mutation.name === 'visit.record') {
    const village = await db.areas.get(mutation.args.village_code)
    const unit = village?.parent_code ? await homeUnit(db, village.parent_code) : undefined
    return {
      ...seen,
      villageName: village?.name ?? '',
      ownVillage: village?.own ?? false,
      unitId: unit?.id ?? '',
      unitName: unit?.name ?? '',
      beginnings: await beginningsOf(db, mutation.args),
    }
  }
  return mutation.name === 'matter.act' ? { ...seen, ...(await movedBy(db, mutation.args)) } : seen
}

/** Between which units an act moves its matter, as far as this phone knows them. */
async function movedBy(db: Database, { act, matter_id, unit_id }: ActOnMatter): Promise<Partial<Seen>> {
  const matter = await db.matters.get(matter_id)
  const township = matter && townshipOf(matter.village_code)
  const goesUp = act === 'return' || act === 'escalate'
  const unit = goesUp ? township && (await homeUnit(db, township)) : unit_id && (await db.units.get(unit_id))
  const before = matter && (await db.units.get(matter.unit_id))
  return {
    unitId: (unit ? unit.id : unit_id) ?? '',
    unitName: unit ? unit.name : '',
    fromTownship: before?.area_code === township,
    toTownship: unit ? unit.area_code === township : false,
  }
}

/** The unit that a new matter belongs to until it is assigned: the township's own. The server decides. */
function homeUnit(db: Database, townshipCode: string) {
  return db.units.filter((unit) => unit.is_home && unit.area_code === townshipCode).first()
}
