/** What crosses the wire, by its short names. The shapes come from the server's OpenAPI document. */
import type { components } from '../contract/api'

type Schemas = components['schemas']

export type Matter = Schemas['Matter']
export type MatterEvent = Schemas['Event']
export type Visit = Schemas['Visit']
export type Area = Schemas['Area']
export type Unit = Schemas['Unit']
export type Case = Schemas['Case']
export type CaseDraft = Schemas['CaseDraft']
export type CaseTexts = Schemas['CaseTexts']
export type Me = Schemas['Me']
export type Session = Schemas['Session']
export type Reference = Schemas['Reference']
export type Rule = Schemas['KeptRule']
/** A line of a responsibility list as it is saved. */
export type Duty = Schemas['SaveList']['rules'][number]
export type Calendar = Schemas['Calendar']
export type Mutation = Schemas['Mutation']
export type Receipt = Schemas['Receipt']
export type Receipts = Schemas['Receipts']
export type Pulled = Schemas['Pulled']
export type RecordVisit = Schemas['RecordVisit']
export type NewMatter = RecordVisit['matters'][number]
export type ActOnMatter = Schemas['ActOnMatter']
export type CorrectMatter = Schemas['CorrectMatter']
export type Changes = Schemas['Changes']
/** What stood in the fields when they were changed. */
export type SeenFields = Schemas['Seen']
export type Relation = Matter['relations'][number]
export type State = Matter['state']
export type Act = MatterEvent['act']
/** Why a unit gave a matter back. */
export type ReturnReason = NonNullable<MatterEvent['reason']>
/** What a resident says. */
export type RatingValue = NonNullable<MatterEvent['rating']>
/** What came of a callback. */
export type CallbackOutcome = Schemas['Outcome']['outcome']
/** Why a rating doesn't count. */
export type SetAsideReason = NonNullable<Schemas['Decision']['reason']>
export type Category = Matter['category']
export type VisitKind = Visit['kind']

/** The one error shape. Codes beside the server's are the phone's own (sync/problems.ts). */
export interface ErrorBody {
  code: string
  message: string
  field: string | null
}
