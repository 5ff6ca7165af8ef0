/** The lines of a responsibility list on the screen: where they come from, and the sentences for what is wrong with them. */
import words from '../../contract/words.json'
import { onlyWrong, tooLong, type FieldErrors } from '../../components/fieldErrors'
import { wrongWith, type Level, type Line as TypedLine } from '../../domain/listLines'
import { categories, levels, limits } from '../../domain/words'
import type { NameableUnit, ReadLine, ResponsibilityList } from '../../sync/responsibilities'

/** `complaints`: what a file said that could not be understood, by field, until it is changed. */
export interface Line extends TypedLine {
  complaints?: FieldErrors
}

export const levelOptions = (words.responsibility_levels as Level[]).map((value) => ({ value, label: levels[value] ?? value }))
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

/** 道路交通 · 县市区 */
export function nameOf({ category, level }: TypedLine): string {
  return `${category ? categories[category] : '（没有选类别）'} · ${level ? levels[level] : '（没有选级别）'}`
}

/** What is wrong with a line among the others, one sentence a field; nothing, if it can be saved. */
export function errorsOf(line: Line, lines: Line[], units: NameableUnit[]): FieldErrors {
  const said = line.complaints ?? {}
  const { category, level, unit, days, basis } = wrongWith(line, lines, units)
  return onlyWrong({
    category: category && (said.category ?? '请选类别。'),
    level: level === 'twice' ? '这个类别在这一级已经有一条，请删去一条或改级别。' : level && (said.level ?? '请选级别。'),
    unit: unit && (said.unit ?? '请选承办单位。'),
    days: days && (said.days ?? `请填 1 到 ${limits.days_allowed}。`),
    basis: basis && tooLong(line.basis, limits.legal_basis),
    settles: line.level === 'township' ? said.settles : undefined,
  })
}
