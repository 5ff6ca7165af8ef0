import type { RouteLocationRaw } from 'vue-router'

import type { components } from '../../contract/api'
import { measures } from '../../domain/words'

type Schemas = components['schemas']
export type Tally = Schemas['Tally']
export type TallyMatters = Schemas['TallyMatters']
export type TallyChanges = Schemas['TallyChanges']
export type Numbers = Schemas['Numbers']
/** What every place, category and origin has a number for; a unit also for what came from others and went to them. */
export type CommonMeasure = keyof Numbers
export type MeasureName = keyof Schemas['UnitNumbers']
export type NumbersOfARow = Partial<Record<MeasureName, number>>

/** What stands after 其中 belongs to the number before it; alone it goes without. */
export const measureLabels: Record<MeasureName, string> = measures
export const shortLabel = (measure: MeasureName) => measureLabels[measure].replace('其中', '')

/** A word above a narrow column: from four letters on it stands in two even lines. */
export const inTwoLines = (word: string) =>
  word.length < 4 ? word : `${word.slice(0, Math.ceil(word.length / 2))}\n${word.slice(Math.ceil(word.length / 2))}`

/** How the open matters came about: what adds up to the last line, in the order of a ledger. */
export const flow: { measure: CommonMeasure; sign: '' | '+' | '−' | '='; partOf?: true }[] = [
  { measure: 'carried_over', sign: '' },
  { measure: 'raised', sign: '+' },
  { measure: 'reopened', sign: '+' },
  { measure: 'resolved', sign: '−' },
  { measure: 'resolved_on_the_spot', sign: '', partOf: true },
  { measure: 'explained', sign: '−' },
  { measure: 'unachieved', sign: '−' },
  { measure: 'open', sign: '=' },
  { measure: 'overdue', sign: '', partOf: true },
]

/** The columns of a table: what is stuck first, then what was done, then what residents say of it. */
export const columns: CommonMeasure[] = [
  'open',
  'overdue',
  'raised',
  'resolved',
  'resolved_on_the_spot',
  'explained',
  'unachieved',
  'reopened',
  'carried_over',
  'confirmed',
  'answered',
  'asked',
  'beyond_power',
]

/** A unit also gets matters from others, and gives them away. */
export const unitColumns: MeasureName[] = [...columns, 'moved_in', 'moved_out']

/** What is told of every month. */
export const monthMeasures = ['raised', 'resolved', 'reopened', 'open'] as const

/** On paper a row stands in the order in which it adds up. */
export const flowMeasures = flow.map(({ measure }) => measure)

/** What a number counts, beside the measure. `place` and `unitName` are only for the heading. */
export interface Behind {
  area: string
  from: string
  to: string
  place: string
  category?: string
  kind?: string
  unit?: string
  unitName?: string
}

/** The list of exactly the matters behind a number. Names travel beside the address, not in it. */
export function matterListOf(measure: MeasureName, behind: Behind): RouteLocationRaw {
  const { area, from, to, category, kind, unit, place, unitName } = behind
  const narrowed = { ...(category ? { category } : {}), ...(kind ? { kind } : {}), ...(unit ? { unit } : {}) }
  return {
    name: 'tally-matters',
    query: { area, from, to, measure, ...narrowed },
    state: { place, unitName: unitName ?? '' },
  }
}

/** The server's address for what an address of the page asks: area and days, and what a list is narrowed to. */
export function apiPath(
  path: '' | '/matters' | '/changes' | '/export.xlsx' | '/export.csv' | '/matters/export.xlsx' | '/matters/export.csv',
  asked: { area?: string; from?: string; to?: string; measure?: string; category?: string; kind?: string; unit?: string },
): string {
  const { area, from = '', to = '', measure, category, kind, unit } = asked
  const query = new URLSearchParams({ from, to })
  for (const [name, value] of Object.entries({ area_code: area, measure, category, kind, unit_id: unit }))
    if (value) query.set(name, value)
  return `/api/tallies${path}?${query.toString()}`
}

/** 12345 → '12,345'. */
export const formatCount = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, ',')

/** True if nothing happened there: every one of these numbers is 0. */
export const isIdle = (numbers: NumbersOfARow, shown: MeasureName[]) => shown.every((measure) => !numbers[measure])

/** 3 → '+3', -1 → '−1'. */
export const signed = (change: number) => `${change < 0 ? '−' : '+'}${formatCount(Math.abs(change))}`

/** '新增 +2，办结 −1', in the order of the measures; what came to nothing is left out. */
export function changesInWords(byMeasure: NumbersOfARow): string {
  const changed = (Object.keys(measureLabels) as MeasureName[]).filter((measure) => byMeasure[measure])
  return changed.map((measure) => `${shortLabel(measure)} ${signed(byMeasure[measure] ?? 0)}`).join('，') || '增减相抵'
}

/**
 * What residents said in a period. They answer on another day than they were asked, so that none of these is a
 * part of how many were asked, and the sentence can't be read as one.
 */
export function answersInWords({ asked, answered, confirmed }: Pick<Numbers, 'asked' | 'answered' | 'confirmed'>): string {
  if (!asked && !answered) return '这段时间没有请群众评价，也没有人评价。'
  const said = answered ? `群众评了 ${formatCount(answered)} 件，其中满意和基本满意 ${formatCount(confirmed)} 件。` : '还没有人评价。'
  return said + (asked ? `另外，这段时间办结时请了 ${formatCount(asked)} 件来评。` : '这段时间没有请群众评价。')
}

/** The number of the period before beside one of this period, as seen and as heard. null: neither has any. */
export function comparison(count: number, before: number, unit = '件'): { mark: string; words: string } | null {
  if (count === 0 && before === 0) return null
  if (count === before) return { mark: '持平', words: '与上期持平' }
  const difference = Math.abs(count - before)
  return count > before
    ? { mark: `↑${formatCount(difference)}`, words: `比上期多 ${difference} ${unit}` }
    : { mark: `↓${formatCount(difference)}`, words: `比上期少 ${difference} ${unit}` }
}
