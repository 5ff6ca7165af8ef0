/**
 * The lines of a county's responsibility list while they are being edited: what keeps them from being saved
 * (server/domain/responsibilities.py, check_duties), what saving would change, and what comes of two people editing at once.
 */
import words from '../contract/words.json'
import type { Category, Duty } from './records'
import { cleanText, lengthOf } from './text'
import { categories, limits } from './words'

export type Level = Duty['level']

/** A line as it is typed. */
export interface Line {
  key: number
  category: Category | ''
  level: Level | ''
  unitId: string | null
  days: string
  basis: string
  settles: boolean
}

/** What is wrong with a line, by field. */
export interface Wrong {
  category?: 'missing'
  level?: 'missing' | 'twice'
  unit?: 'missing'
  days?: 'out_of_range'
  basis?: 'too_long'
}

const LEVELS = words.responsibility_levels as Level[]

export function isEmpty({ category, level, unitId, days, basis }: Line): boolean {
  return !category && !level && !unitId && !days.trim() && !basis.trim()
}

function daysOf(line: Line): number {
  const days = line.days.normalize('NFKC').trim()
  return /^\d{1,3}$/.test(days) ? Number(days) : NaN
}

/** What is wrong with a line among the others; nothing, if it can be saved. `units`: what each level can name. */
export function wrongWith(line: Line, lines: Line[], units: { id: string; level: string }[]): Wrong {
  const wrong: Wrong = {}
  const days = daysOf(line)
  if (!line.category) wrong.category = 'missing'
  if (!line.level) wrong.level = 'missing'
  else if (line.category && lines.some((other) => other !== line && nameOf(other) === nameOf(line))) wrong.level = 'twice'
  const unit = units.find(({ id }) => id === line.unitId)
  if (line.level && line.level !== 'township' && unit?.level !== line.level) wrong.unit = 'missing'
  if (!(days >= 1 && days <= limits.days_allowed)) wrong.days = 'out_of_range'
  if (lengthOf(cleanText(line.basis)) > limits.legal_basis) wrong.basis = 'too_long'
  return wrong
}

/** A line as it is saved: what does not belong to its level is left out. */
export function dutyOf(line: Line): Duty {
  const ofTownship = line.level === 'township'
  return {
    category: line.category as Category,
    level: line.level as Level,
    unit_id: ofTownship ? null : line.unitId,
    days_allowed: daysOf(line),
    legal_basis: cleanText(line.basis),
    township_may_settle: ofTownship && line.settles,
  }
}

const nameOf = ({ category, level }: Line) => `${category} ${level}`
const saidBy = (line: Line) => JSON.stringify(dutyOf(line))
const byName = <T extends Line>(lines: T[]) => new Map(lines.filter((line) => line.category && line.level).map((line) => [nameOf(line), line]))

/** What saving would change, by the lines' keys, and the lines that would go. */
export interface Changes {
  added: Set<number>
  changed: Set<number>
  struck: Line[]
}

export function changesBetween(base: Line[], lines: Line[]): Changes {
  const before = byName(base)
  const now = byName(lines)
  const found: Changes = { added: new Set(), changed: new Set(), struck: base.filter((line) => !now.has(nameOf(line))) }
  for (const line of lines) {
    const old = before.get(nameOf(line))
    if (!old) found.added.add(line.key)
    else if (saidBy(old) !== saidBy(line)) found.changed.add(line.key)
  }
  return found
}

export const isChanged = ({ added, changed, struck }: Changes) => added.size + changed.size + struck.length > 0

/**
 * The lines after somebody else has saved `theirs`: what was not touched here is as they have it, what was
 * changed, added or struck out here stays so.
 */
export function mergedLines<T extends Line>(base: T[], mine: T[], theirs: T[]): T[] {
  const before = byName(base)
  const newest = byName(theirs)
  const untouched = (line: T) => {
    const old = before.get(nameOf(line))
    return old !== undefined && saidBy(old) === saidBy(line)
  }
  const kept = mine.flatMap((line) => (untouched(line) ? (newest.get(nameOf(line)) ?? []) : [line]))
  const here = byName(mine)
  return [...kept, ...theirs.filter((line) => !here.has(nameOf(line)) && !before.has(nameOf(line)))]
}

/** In the order of categories, the lowest level first; what has none yet comes last, as it was added. */
export function inOrder<T extends Line>(lines: T[]): T[] {
  const place = (line: Line) => {
    const category = line.category ? Object.keys(categories).indexOf(line.category) : 99
    return category * 10 + (line.level ? LEVELS.indexOf(line.level) : 9)
  }
  return Array.from(lines).sort((a, b) => place(a) - place(b) || a.key - b.key)
}
