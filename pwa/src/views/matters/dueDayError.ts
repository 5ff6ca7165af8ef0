import { formatDay } from '../../domain/days'
import type { DueDays } from '../../domain/dueDays'

/** What is wrong with a day; `needed`: it may not be left out. */
export function dueDayError(day: string | undefined, { first, last }: DueDays, needed: boolean): string | undefined {
  if (first > last) return needed ? `最多延到${formatDay(last)}，已经过了，不能再延。请重新交办给能办的单位。` : undefined
  if (!day) return needed ? '请选延到哪一天。' : undefined
  if (day < first) return `期限最早是${formatDay(first)}，请重选。`
  return day > last ? `期限最晚是${formatDay(last)}，请重选。` : undefined
}
