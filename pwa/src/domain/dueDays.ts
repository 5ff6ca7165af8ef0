/** Between which days the day to close a matter may be set. */
import { addDays, dueDayByLaw, lastExtension, raisedBy, today } from './days'
import type { Act, Matter } from './records'

export interface DueDays {
  first: string
  last: string
  /** The day that stands; null: not known here. */
  stands: string | null
}

type Dated = Pick<Matter, 'raised_at' | 'received_at' | 'due_day'>

/** For 交办 from today to the day by law; for 延期 from the day after what stands to 30 days beyond it. */
export function dueDays(act: Act, matter: Dated | null | undefined, now: string = today()): DueDays {
  const stands = matter?.due_day ?? null
  if (act !== 'extend') return { first: now, last: matter ? dueDayByLaw(raisedBy(matter)) : '9999-12-31', stands }
  const next = stands ? addDays(stands, 1) : now
  return { first: next > now ? next : now, last: matter ? lastExtension(raisedBy(matter)) : '9999-12-31', stands }
}

/** Set without a word, a later day would be an extension that nobody gave a reason for. */
export function needsReason(act: Act, day: string | undefined, stands: string | null): boolean {
  return act === 'assign' && Boolean(day && stands && day > stands)
}
