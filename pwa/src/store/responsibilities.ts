/** What the responsibility list of a county says of the matters of a visit, as this phone knows it. */
import { countyOf } from '../domain/areas'
import type { Calendar, RecordVisit, Rule } from '../domain/records'
import { dueDayBy, ruleFor, unitBy } from '../domain/responsibilities'
import type { Database } from './db'
import { readFact } from './meta'

/** Every county's rules, and the days off. */
export interface KnownLists {
  rules: Rule[]
  calendar: Calendar
}

/** How a matter begins by the list. `unitId` null: with the township's own unit. */
export interface Beginning {
  ruleId: string | null
  unitId: string | null
  unitName: string
  dueDay: string
}

const NOTHING: KnownLists = { rules: [], calendar: { days_off: [], working_days: [] } }

/** How each matter of the visit begins, by its id. The transaction must hold meta and units. */
export async function beginningsOf(db: Database, visit: RecordVisit): Promise<Record<string, Beginning>> {
  const { rules, calendar } = (await readFact(db, 'responsibilities')) ?? NOTHING
  const here = rules.filter((rule) => rule.county_code === countyOf(visit.village_code))
  const found: Record<string, Beginning> = {}
  for (const { id, category, resolved } of visit.matters) {
    const rule = ruleFor(here, category, visit.happened_at)
    const unitId = unitBy(rule, Boolean(resolved))
    const unit = unitId === null ? undefined : await db.units.get(unitId)
    found[id] = { ruleId: rule?.id ?? null, unitId, unitName: unit?.name ?? '', dueDay: dueDayBy(rule, visit.happened_at, calendar) }
  }
  return found
}
