import type { RouteLocationRaw } from 'vue-router'

import { categories, visitKinds } from '../../domain/words'
import type { NumberRow } from './NumberTable.vue'
import type { Behind, Tally } from './tally'

/** The rows of a tally's tables, each with what its numbers open. */
export function tablesOf(tally: Tally, whole: Behind, pageOf: (area: string) => RouteLocationRaw) {
  const row = (key: string, name: string, numbers: NumberRow['numbers'], narrowed: Partial<Behind>): NumberRow => ({
    key,
    name,
    numbers,
    behind: { ...whole, ...narrowed },
  })
  return {
    areas: tally.by_area.map(({ code, name, numbers }) => ({
      ...row(code, name, numbers, { area: code, place: name }),
      to: pageOf(code),
    })),
    units: tally.by_unit.map(({ unit_id, unit_name, numbers, longest_overdue_days }) => ({
      ...row(unit_id, unit_name, numbers, { unit: unit_id, unitName: unit_name }),
      longestOverdue: longest_overdue_days,
    })),
    categories: tally.by_category.map(({ category, numbers }) => row(category, categories[category], numbers, { category })),
    origins: tally.by_origin.map(({ kind, numbers }) => row(kind, visitKinds[kind], numbers, { kind })),
  }
}
