import { addDays } from '../../domain/days'

export const periods = [
  { value: 'week' as const, label: '本周' },
  { value: 'month' as const, label: '本月' },
  { value: 'year' as const, label: '本年' },
  { value: 'free' as const, label: '自选' },
]
export type PeriodName = (typeof periods)[number]['value']

export interface Period {
  name: PeriodName
  /** Days, YYYY-MM-DD, both included. */
  from: string
  to: string
}

/**
 * The days of a period as the address names it, on the day `now`. They run to its last day, though that lies ahead: the
 * answer kept for offline reading is then the same all week.
 */
export function periodOf(name: string | undefined, from: string | undefined, to: string | undefined, now: string): Period {
  if (name === 'free' && isDay(from) && isDay(to)) return { name, from, to }
  if (name === 'week') {
    const monday = addDays(now, -((new Date(`${now}T00:00:00Z`).getUTCDay() + 6) % 7))
    return { name, from: monday, to: addDays(monday, 6) }
  }
  const year = now.slice(0, 4)
  if (name === 'year') return { name, from: `${year}-01-01`, to: `${year}-12-31` }
  return { name: 'month', ...daysOfMonth(now.slice(0, 7)) }
}

/** The first and the last day of a month, YYYY-MM. */
export function daysOfMonth(month: string): { from: string; to: string } {
  const inNextMonth = addDays(`${month}-28`, 4)
  return { from: `${month}-01`, to: addDays(`${inNextMonth.slice(0, 7)}-01`, -1) }
}

function isDay(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) && !isNaN(Date.parse(text))
}
