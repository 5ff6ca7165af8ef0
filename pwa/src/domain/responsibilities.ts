/**
 * Whose a new matter is by the responsibility list, and until when: the same answers as
 * server/domain/responsibilities.py. tests/contract/responsibility_cases.json holds both to it.
 */
import words from '../contract/words.json'
import { dayOf, dueDayByLaw } from './days'
import type { Calendar, Rule } from './records'
import { workingDayAfter } from './workdays'

/** True if the rule held at a moment in milliseconds. */
function held({ valid_from, valid_until }: Rule, at: number): boolean {
  return Date.parse(valid_from) <= at && (valid_until === null || at < Date.parse(valid_until))
}

/** The rule for a matter that was raised at `iso`; undefined: the list said nothing then. */
export function ruleFor(rules: Rule[], category: string, iso: string): Rule | undefined {
  const found = rules.filter((rule) => rule.category === category && held(rule, Date.parse(iso)))
  const at = (level: string) => found.find((rule) => rule.level === level)
  const township = at('township')
  if (township?.township_may_settle) return township
  return words.responsibility_levels.filter((level) => level !== 'township').map(at).find(Boolean)
}

/** The unit above the township that must act; null: the township's own, also where it was resolved on the spot. */
export function unitBy(rule: Rule | undefined, onTheSpot: boolean): string | null {
  return rule && !onTheSpot ? rule.unit_id : null
}

/** The last day to close what was raised at `iso`, never later than by law. */
export function dueDayBy(rule: Rule | undefined, iso: string, calendar: Calendar): string {
  const byLaw = dueDayByLaw(iso)
  const byRule = rule ? workingDayAfter(dayOf(Date.parse(iso)), rule.days_allowed, calendar) : byLaw
  return byRule < byLaw ? byRule : byLaw
}
