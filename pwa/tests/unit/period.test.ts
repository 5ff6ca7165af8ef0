import { describe, expect, it } from 'vitest'

import { neighbour, periodOf, queryOf } from '../../src/views/tallies/period'
import { answersInWords, comparison, inTwoLines } from '../../src/views/tallies/tally'

const NOW = '2026-11-25'
const days = (name: string | undefined, from?: string, to?: string) => {
  const period = periodOf(name, from, to, NOW)
  return `${period.from} ${period.to}`
}

describe('the period that a leader looks at', () => {
  it('is the whole week, month, quarter or year of today', () => {
    expect(days('week')).toBe('2026-11-23 2026-11-29')
    expect(days('month')).toBe('2026-11-01 2026-11-30')
    expect(days('quarter')).toBe('2026-10-01 2026-12-31')
    expect(days('year')).toBe('2026-01-01 2026-12-31')
  })

  it('is the one of a day in the past, as the address names it', () => {
    expect(days('week', '2026-01-01')).toBe('2025-12-29 2026-01-04')
    expect(days('month', '2024-02-10')).toBe('2024-02-01 2024-02-29')
    expect(days('quarter', '2026-03-31')).toBe('2026-01-01 2026-03-31')
  })

  it('is this month where the address makes no sense', () => {
    for (const wrong of ['free', 'decade', undefined]) expect(days(wrong, 'yesterday', NOW)).toBe(days('month'))
  })

  it('has a neighbour of the same kind on either side', () => {
    const step = (name: string, direction: -1 | 1, from?: string, to?: string) => {
      const { from: first, to: last } = neighbour(periodOf(name, from, to, NOW), direction)
      return `${first} ${last}`
    }
    expect(step('month', -1)).toBe('2026-10-01 2026-10-31')
    expect(step('quarter', -1, '2026-01-01')).toBe('2025-10-01 2025-12-31')
    expect(step('year', 1, '2025-06-01')).toBe('2026-01-01 2026-12-31')
    expect(step('week', -1)).toBe('2026-11-16 2026-11-22')
    expect(step('free', -1, '2026-11-10', '2026-11-12')).toBe('2026-11-07 2026-11-09')
  })

  it('stands in the address without days while it is now', () => {
    expect(queryOf(periodOf('week', undefined, undefined, NOW), NOW)).toEqual({ period: 'week' })
    const past = periodOf('week', '2026-11-18', undefined, NOW)
    expect(queryOf(past, NOW)).toEqual({ period: 'week', from: '2026-11-16' })
    expect(periodOf('week', queryOf(past, NOW).from, undefined, NOW)).toEqual(past)
  })
})

describe('a number beside the one before', () => {
  it('says more, less or the same in words as well', () => {
    expect(comparison(1200, 3)).toEqual({ mark: '↑1,197', words: '比上期多 1197 件' })
    expect(comparison(0, 2)).toEqual({ mark: '↓2', words: '比上期少 2 件' })
    expect(comparison(2, 2)?.mark).toBe('持平')
    expect(comparison(0, 0)).toBeNull()
  })

  it('stands under a word that is broken evenly', () => {
    expect(['未办结', '现场办结', '超出乡镇权限'].map(inTwoLines)).toEqual(['未办结', '现场\n办结', '超出乡\n镇权限'])
  })
})

describe('what residents said', () => {
  it('is never told as a part of how many were asked: they answer on another day', () => {
    expect(answersInWords({ asked: 0, answered: 1, confirmed: 1 })).toBe('群众评了 1 件，其中满意和基本满意 1 件。这段时间没有请群众评价。')
    expect(answersInWords({ asked: 1200, answered: 0, confirmed: 0 })).toBe('还没有人评价。另外，这段时间办结时请了 1,200 件来评。')
    expect(answersInWords({ asked: 0, answered: 0, confirmed: 0 })).toBe('这段时间没有请群众评价，也没有人评价。')
  })
})
