import type { RouteLocationRaw } from 'vue-router'

import type { components } from '../../contract/api'
import { measures } from '../../domain/words'

type Schemas = components['schemas']
export type Tally = Schemas['Tally']
export type TallyMatters = Schemas['TallyMatters']
export type Numbers = Schemas['Numbers']
export type MeasureName = keyof Numbers

/** The numbers in the order of reading: what is stuck first, then what was done. */
export const measureNames: MeasureName[] = [
  'raised',
  'open',
  'overdue',
  'resolved',
  'resolved_on_the_spot',
  'confirmed',
  'explained',
  'unachieved',
]

export const measureLabels: Record<MeasureName, string> = measures

/** What a number counts, beside the measure. `place` and `unitName` are only for the heading. */
export interface Behind {
  area: string
  from: string
  to: string
  place: string
  category?: string
  unit?: string
  unitName?: string
}

/** The list of exactly the matters behind a number. Names travel beside the address, not in it. */
export function matterListOf(measure: MeasureName, behind: Behind): RouteLocationRaw {
  const { area, from, to, category, unit, place, unitName } = behind
  return {
    name: 'tally-matters',
    query: { area, from, to, measure, ...(category ? { category } : {}), ...(unit ? { unit } : {}) },
    state: { place, unitName: unitName ?? '' },
  }
}
