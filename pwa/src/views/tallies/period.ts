import { addDays } from '../../domain/days'

export const periods = [
  { value: 'week' as const, label: '本周' },
  { value: 'month' as const, label: '本月' },
  { value: 'quarter' as const, label: '本季' },
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
 * The days of a period as the address names it; a week, month, quarter or year is the one that holds the day `from`,
 * or the day `now`. They run to its last day, though that may lie ahead: the answer kept for offline reading is then
 * the same all week.
 */
export function periodOf(name: string | undefined, from: string | undefined, to: string | undefined, now: string): Period {
  if (name === 'free' && isDay(from) && isDay(to)) return { name, from, to }
  const day = isDay(from) && name !== 'free' ? from : now
  if (name === 'week') {
    const monday = addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))
    return { name, from: monday, to: addDays(monday, 6) }
  }
  const year = day.slice(0, 4)
  if (name === 'year') return { name, from: `${year}-01-01`, to: `${year}-12-31` }
  const month = Number(day.slice(5, 7))
  if (name === 'quarter') {
    const first = month - ((month - 1) % 3)
    return { name, from: daysOfMonth(monthOf(year, first)).from, to: daysOfMonth(monthOf(year, first + 2)).to }
  }
  return { name: 'month', ...daysOfMonth(monthOf(year, month)) }
}

/** The period of the same kind just before (-1) or after (1): of days of one's own, as many days. */
export function neighbour({ name, from, to }: Period, direction: -1 | 1): Period {
  if (name !== 'free') return periodOf(name, direction < 0 ? addDays(from, -1) : addDays(to, 1), undefined, from)
  const days = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1
  return { name, from: addDays(from, direction * days), to: addDays(to, direction * days) }
}

/** What the address says of a period: nothing but its kind if `now` lies in it. */
export function queryOf(period: Period, now: string): Record<string, string> {
  if (period.name === 'free') return { period: 'free', from: period.from, to: period.to }
  return { period: period.name, ...(isNow(period, now) ? {} : { from: period.from }) }
}

export const isNow = ({ from, to }: Period, now: string) => from <= now && now <= to

const monthOf = (year: string, month: number) => `${year}-${String(month).padStart(2, '0')}`

/** The first and the last day of a month, YYYY-MM. */
export function daysOfMonth(month: string): { from: string; to: string } {
  const inNextMonth = addDays(`${month}-28`, 4)
  return { from: `${month}-01`, to: addDays(`${inNextMonth.slice(0, 7)}-01`, -1) }
}

function isDay(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) && !isNaN(Date.parse(text))
}
