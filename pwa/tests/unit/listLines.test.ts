import { describe, expect, it } from 'vitest'

import { changesBetween, dutyOf, inOrder, isChanged, mergedLines, wrongWith, type Line } from '../../src/domain/listLines'
import { limits } from '../../src/domain/words'
import { errorsOf } from '../../src/views/responsibilities/lines'

let key = 0
const line = (more: Partial<Line> = {}): Line => ({
  key: ++key,
  category: 'water',
  level: 'county',
  unitId: 'bureau',
  days: '15',
  basis: '',
  settles: false,
  ...more,
})
const units = [
  { id: 'bureau', level: 'county', name: '水利局' },
  { id: 'office', level: 'prefecture', name: '市水利局' },
]
const wrong = (more: Partial<Line>, ...others: Line[]) => {
  const one = line(more)
  return wrongWith(one, [one, ...others], units)
}

// What server/domain/responsibilities.py (check_duties) and the schema of a duty refuse, and nothing else.
describe('a line of the list', () => {
  it('can be saved when the server would take it', () => {
    expect(wrong({})).toEqual({})
    expect(wrong({ level: 'township', unitId: null, settles: true })).toEqual({})
    expect(wrong({ level: 'prefecture', unitId: 'office' })).toEqual({})
    for (const days of ['1', String(limits.days_allowed), ' 15 ', '１５']) expect(wrong({ days })).toEqual({})
    expect(wrong({ basis: '法'.repeat(limits.legal_basis) })).toEqual({})
  })

  it('needs a category and a level', () => {
    expect(wrong({ category: '' })).toEqual({ category: 'missing' })
    expect(wrong({ level: '' })).toEqual({ level: 'missing' })
  })

  it('needs a unit of its own level above the township', () => {
    expect(wrong({ unitId: null })).toEqual({ unit: 'missing' })
    expect(wrong({ unitId: 'office' })).toEqual({ unit: 'missing' })
    expect(wrong({ unitId: 'gone' })).toEqual({ unit: 'missing' })
  })

  it('stands once for a category at a level', () => {
    expect(wrong({}, line())).toEqual({ level: 'twice' })
    expect(wrong({}, line({ category: 'road' }), line({ level: 'prefecture', unitId: 'office' }))).toEqual({})
  })

  it('has a whole number of days from one on, and a basis of limited length', () => {
    for (const days of ['', '0', String(limits.days_allowed + 1), '-1', '1.5', '十五']) expect(wrong({ days })).toEqual({ days: 'out_of_range' })
    expect(wrong({ basis: '法'.repeat(limits.legal_basis + 1) })).toEqual({ basis: 'too_long' })
  })

  it('is saved without what does not belong to its level', () => {
    expect(dutyOf(line({ level: 'township', unitId: 'bureau', settles: true }))).toMatchObject({ unit_id: null, township_may_settle: true })
    expect(dutyOf(line({ settles: true, days: '１５' }))).toMatchObject({ unit_id: 'bureau', township_may_settle: false, days_allowed: 15 })
  })

  it('keeps the sentence of the file until it was put right', () => {
    const read = { ...line({ days: '' }), complaints: { days: '文件第 2 行写的是“半月”。' } }
    expect(errorsOf(read, [read], units as never)).toEqual({ days: '文件第 2 行写的是“半月”。' })
    read.days = '15'
    expect(errorsOf(read, [read], units as never)).toEqual({})
  })
})

describe('what saving would change', () => {
  const base = [line({ category: 'water' }), line({ category: 'road' }), line({ category: 'power' })]

  it('is told line by line', () => {
    const [water, road] = base.map((one) => ({ ...one }))
    const added = line({ category: 'land' })
    const { added: begun, changed, struck } = changesBetween(base, [water!, { ...road!, days: '5' }, added])
    expect([[...begun], [...changed], struck.map(({ category }) => category)]).toEqual([[added.key], [road!.key], ['power']])
  })

  it('is nothing where the same was typed otherwise', () => {
    expect(isChanged(changesBetween(base, base.map((one) => ({ ...one, key: one.key + 100, days: ` ${one.days}` }))))).toBe(false)
  })
})

describe('a list that somebody else saved meanwhile', () => {
  const base = [line({ category: 'water' }), line({ category: 'road' }), line({ category: 'power' })]
  const copy = (lines: Line[]) => lines.map((one) => ({ ...one, key: ++key }))
  const told = (lines: Line[]) => lines.map(({ category, days }) => `${category} ${days}`).sort()

  it('stands where nothing was touched here, with what was changed, added and struck out here on top', () => {
    const [water, road] = copy(base)
    const mine = [{ ...water!, days: '3' }, road!, line({ category: 'land', days: '9' })]
    const theirs = [line({ category: 'water', days: '40' }), line({ category: 'road', days: '50' }), line({ category: 'power' }), line({ category: 'housing', days: '7' })]
    expect(told(mergedLines(base, mine, theirs))).toEqual(['housing 7', 'land 9', 'road 50', 'water 3'])
  })

  it('does not bring back what they struck out and nobody touched here', () => {
    expect(told(mergedLines(base, copy(base), [line({ category: 'water' })]))).toEqual(['water 15'])
  })
})

it('is shown by category, the lowest level first, and what has none last', () => {
  const lines = [line({ category: '' }), line({ level: 'county' }), line({ level: 'township' })]
  expect(inOrder(lines).map(({ level, category }) => category && level)).toEqual(['township', 'county', ''])
})
