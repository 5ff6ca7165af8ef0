/**
 * What the signed-in person records, for the views. Each resolves when it is on the disk; nothing
 * here needs the network. `draftKey` names the draft that the form was typed in: it leaves in the same transaction.
 */
import { storeNow } from './current'
import { savingDraft } from './draftWriter'
import { emptyMatter, emptyVisit, renewIds, type ActForm, type CorrectionForm, type MatterForm, type VisitForm } from './forms'
import { addAct, addAgain, addVisit, dropRefused } from './outbox'
import { codeFor } from './ratingCodes'

export { dependentsOf } from './dependents'
export { draftKeys } from './draftKeys'
export { actFormOf, isBlank, visitFormOf } from './forms'
export type { ActForm, CorrectionForm, MatterForm, VisitForm } from './forms'

/** The form of a new visit. */
export const newVisit = (): VisitForm => emptyVisit(storeNow().newId)

/** The form of one more matter. */
export const newMatter = (): MatterForm => emptyMatter(storeNow().newId)

/** The form of an act on a matter. */
export const newAct = (matterId: string, act: ActForm['act']): ActForm => ({ eventId: storeNow().newId(), matterId, act })

/** From now on the form is a record of its own, whatever was saved from it before. */
export const asAnother = (form: VisitForm | ActForm): void => renewIds(storeNow().newId, form)

/** Record a visit with its matters; resolves with the visit's id. */
export function recordVisit(form: VisitForm, draftKey?: string): Promise<string> {
  const store = storeNow()
  return savingDraft(store.db, draftKey, (key) => addVisit(store, form, key))
}

/** Do an act of the lifecycle table; resolves with the event's id. */
export function actOnMatter(form: ActForm, draftKey?: string): Promise<string> {
  const store = storeNow()
  return savingDraft(store.db, draftKey, (key) => addAct(store, form, key))
}

/** Have a code to show to the resident: the one that this phone made for the settlement that stands, else a new one. */
export async function inviteResident(matterId: string): Promise<void> {
  const { db } = storeNow()
  // From the disk: the screen may not show yet what was saved a moment ago.
  const codes = await db.ratingCodes.where('matter_id').equals(matterId).toArray()
  const events = (await db.matters.get(matterId))?.events ?? []
  if (!codeFor(events, codes)) await actOnMatter(newAct(matterId, 'invite'))
}

/** Correct a matter; only the fields in `changes` are meant. Resolves with the event's id. */
export function correctMatter(form: CorrectionForm, draftKey?: string): Promise<string> {
  return actOnMatter({ ...form, act: 'correct' }, draftKey)
}

/** Send a refused mutation again, corrected. */
export function resend(mutationId: string, form: VisitForm | ActForm, draftKey?: string): Promise<void> {
  const store = storeNow()
  return savingDraft(store.db, draftKey, (key) => addAgain(store, mutationId, form, key))
}

/** Give a refused mutation up, with what can never be taken in without it; resolves with how many went. */
export function drop(mutationId: string): Promise<number> {
  return dropRefused(storeNow(), mutationId)
}
