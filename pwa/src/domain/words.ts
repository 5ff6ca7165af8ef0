/** The product's words, as the server defines them: code → 中文. */
import lifecycle from '../contract/lifecycle.json'
import words from '../contract/words.json'
import type { CallbackOutcome, Category, RatingValue, ReturnReason, SetAsideReason, State, VisitKind } from './records'

export const visitKinds: Record<VisitKind, string> = words.visit_kinds
export const categories: Record<Category, string> = words.categories
export const roles = words.roles
/** The levels at which some roles are held; the others at any. */
export const roleLevels: Partial<Record<string, string[]>> = words.role_levels
export const levels: Record<string, string> = words.levels
export const returnReasons: Record<ReturnReason, string> = words.return_reasons
export const ratings: Record<RatingValue, string> = words.ratings
export const callbackOutcomes: Record<CallbackOutcome, string> = words.callback_outcomes
export const setAsideReasons: Record<SetAsideReason, string> = words.set_aside_reasons
export const measures = words.measures
export const limits = words.limits
export const states = Object.fromEntries(
  Object.entries(lifecycle.states).map(([code, { label }]) => [code, label]),
) as Record<State, string>

/** The sentence for a refusal that the phone can give itself while offline. */
export function refusalSentence(code: keyof typeof words.refusals): string {
  return words.refusals[code]
}
