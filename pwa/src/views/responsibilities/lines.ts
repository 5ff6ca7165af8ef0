/** The lines of a responsibility list while they are being edited: what is wrong with them, and what they change. */
import words from '../../contract/words.json'
import { tooLong } from '../../components/fieldErrors'
import type { FieldErrors } from '../../components/fieldErrors'
import type { Category } from '../../domain/records'
import { cleanText } from '../../domain/text'
import { categories, levels, limits } from '../../domain/words'
import type { Duty, NameableUnit, ReadLine, ResponsibilityList } from '../../sync/responsibilities'

export type Level = Duty['level']

/** A line as it is typed. `complaints`: what a file said that could not be understood, by field, until it is changed. */
export interface Line {
  key: number
  category: Category | ''
  level: Level | ''
  unitId: string | null
  days: string
  basis: string
  settles: boolean
  complaints?: FieldErrors
}

export const listLevels = words.responsibility_levels as Level[]
export const levelOptions = listLevels.map((value) => ({ value, label: levels[value] ?? value }))
/** Who acts where a line of the lowest level names nobody. */
export const OWN_TOWNSHIP = '所在乡镇（街道）'

let lastKey = Date.now()
const newKey = () => ++lastKey

export function blankLine(): Line {
  return { key: newKey(), category: '', level: '', unitId: null, days: '', basis: '', settles: false }
}

export function linesOf(rules: ResponsibilityList['rules']): Line[] {
  return rules.map(({ category, level, unit_id, days_allowed, legal_basis, township_may_settle }) => ({
    key: newKey(),
    category,
    level,
    unitId: unit_id,
    days: String(days_allowed),
    basis: legal_basis,
    settles: township_may_settle,
  }))
}

const FIELDS = { category: 'category', level: 'level', unit_id: 'unit', days_allowed: 'days', legal_basis: 'basis', township_may_settle: 'settles' } as const

/** What a file says; what could not be understood is left open, with what stood there. */
export function linesOfFile(rows: ReadLine[]): Line[] {
  return rows.map((row) => {
    const complaints: FieldErrors = {}
    for (const { field, message, said } of row.complaints) {
      const stands = said ? `文件第 ${row.row} 行写的是“${said.slice(0, 40)}”。` : `文件第 ${row.row} 行没有写。`
      complaints[FIELDS[field]] = `${stands}${message}`
    }
    return {
      key: newKey(),
      category: row.category ?? '',
      level: row.level ?? '',
      unitId: row.unit_id,
      days: row.days_allowed === null ? '' : String(row.days_allowed),
      basis: row.legal_basis,
      settles: row.township_may_settle,
      complaints,
    }
  })
}

export function isEmpty({ category, level, unitId, days, basis }: Line): boolean {
  return !category && !level && !unitId && !days.trim() && !basis.trim()
}

function daysOf(line: Line): number {
  const days = line.days.normalize('NFKC').trim()
  return /^\d{1,3}$/.test(days) ? Number(days) : NaN
}

/** What is wrong with a line among the others; nothing, if it can be saved. */
export function errorsOf(line: Line, lines: Line[], units: NameableUnit[]): FieldErrors {
  const days = daysOf(line)
  const twice = lines.some((other) => other !== line && other.category === line.category && other.level === line.level)
  const unit = units.find(({ id }) => id === line.unitId)
  const said = line.complaints ?? {}
  const wrong: FieldErrors = {
    category: line.category ? undefined : (said.category ?? '请选类别。'),
    level: !line.level ? (said.level ?? '请选级别。') : twice && line.category ? '这个类别在这一级已经有一条，请删去一条或改级别。' : undefined,
    unit: line.level && line.level !== 'township' && unit?.level !== line.level ? (said.unit ?? '请选承办单位。') : undefined,
    days: days >= 1 && days <= limits.days_allowed ? undefined : (said.days ?? `请填 1 到 ${limits.days_allowed}。`),
    basis: tooLong(line.basis, limits.legal_basis),
    settles: line.level === 'township' ? said.settles : undefined,
  }
  return Object.fromEntries(Object.entries(wrong).filter(([, message]) => message))
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
const byName = (lines: Line[]) => new Map(lines.filter((line) => line.category && line.level).map((line) => [nameOf(line), line]))

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
export function mergedLines(base: Line[], mine: Line[], theirs: Line[]): Line[] {
  const before = byName(base)
  const newest = byName(theirs)
  const untouched = (line: Line) => {
    const old = before.get(nameOf(line))
    return old !== undefined && saidBy(old) === saidBy(line)
  }
  const kept = mine.flatMap((line) => (untouched(line) ? (newest.get(nameOf(line)) ?? []) : [line]))
  const here = byName(mine)
  return [...kept, ...theirs.filter((line) => !here.has(nameOf(line)) && !before.has(nameOf(line)))]
}

/** In the order of categories, the lowest level first; what has none yet comes last, as it was added. */
export function inOrder(lines: Line[]): Line[] {
  const place = (line: Line) => {
    const category = line.category ? Object.keys(categories).indexOf(line.category) : 99
    return category * 10 + (line.level ? listLevels.indexOf(line.level) : 9)
  }
  return Array.from(lines).sort((a, b) => place(a) - place(b) || a.key - b.key)
}
