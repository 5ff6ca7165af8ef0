/** Working days (server/domain/workdays.py), with the days off and make-up days that the server told. */
import { addDays } from './days'
import type { Calendar } from './records'

/** True if offices are open on a day; in years that nothing is known of, Monday to Friday. */
export function isWorkingDay(day: string, { days_off, working_days }: Calendar): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return working_days.includes(day) || (weekday > 0 && weekday < 6 && !days_off.includes(day))
}

/** The `count`-th working day after `day`, which is not counted itself. */
export function workingDayAfter(day: string, count: number, calendar: Calendar): string {
  let left = count
  let on = day
  while (left > 0) {
    on = addDays(on, 1)
    if (isWorkingDay(on, calendar)) left--
  }
  return on
}
