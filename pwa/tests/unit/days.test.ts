import { describe, expect, it } from 'vitest'

import { claim, claimNow, daysOverdue, deviceNow, dueDayByLaw, formatDay, formatMoment, inputOf, isBackfill, raisedBy, today } from '../../src/domain/days'

const at = (iso: string, offsetMs = 0) => ({ now: () => Date.parse(iso), offsetMs })
const morning = at('2026-11-24T09:30:00+08:00')

describe('the day', () => {
  it('is the day in China, also just after its midnight', () => {
    expect(today(at('2026-11-23T16:00:00Z'))).toBe('2026-11-24')
    expect(today(at('2026-11-23T15:59:59Z'))).toBe('2026-11-23')
  })

  it('is right on a phone whose clock is a year slow, once the server was met', () => {
    expect(today(at('2025-11-24T09:30:00+08:00', 365 * 86400000))).toBe('2026-11-24')
  })
})

describe('a moment on the screen', () => {
  it('is short: today by its time, this year without the year', () => {
    expect(formatMoment('2026-11-24T01:30:00.000000+00:00', morning)).toBe('今天 09:30')
    expect(formatMoment('2026-11-03T01:05:00+00:00', morning)).toBe('11月3日 09:05')
    expect(formatMoment('2025-12-31T17:00:00+00:00', morning)).toBe('1月1日 01:00')
    expect(formatMoment('2025-12-31T15:00:00+00:00', morning)).toBe('2025年12月31日 23:00')
  })

  it('is empty rather than nonsense', () => {
    expect(formatMoment('never', morning)).toBe('')
  })

  it('shows a day with its year only when it is not this year', () => {
    expect(formatDay('2026-01-22', morning)).toBe('1月22日')
    expect(formatDay('2027-01-22', morning)).toBe('2027年1月22日')
  })
})

describe('overdue', () => {
  it('begins on the day after the due day and ends with the matter', () => {
    expect(daysOverdue({ state: 'working', due_day: '2026-11-24' }, today(morning))).toBe(0)
    expect(daysOverdue({ state: 'working', due_day: '2026-11-23' }, today(morning))).toBe(1)
    expect(daysOverdue({ state: 'working', due_day: '2026-09-30' }, today(morning))).toBe(55)
    expect(daysOverdue({ state: 'resolved', due_day: '2026-01-01' }, today(morning))).toBe(0)
    expect(daysOverdue({ state: 'raised', due_day: null }, today(morning))).toBe(0)
  })

  it('comes 60 days after the matter was raised', () => {
    expect(dueDayByLaw('2026-11-24T23:30:00+08:00')).toBe('2027-01-23')
  })
})

describe('a claimed time', () => {
  it('carries an offset and means the same instant', () => {
    expect(claimNow(morning)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/)
    expect(Date.parse(claimNow(morning))).toBe(morning.now())
  })

  it('is corrected for a clock that is off by more than two minutes, and only then', () => {
    const iso = '2026-11-24T09:30:00+08:00'
    expect(Date.parse(claimNow(at(iso, 119_000)))).toBe(Date.parse(iso))
    expect(Date.parse(claimNow(at(iso, 3_600_000)))).toBe(Date.parse(iso) + 3_600_000)
    expect(Date.parse(claimNow(at(iso, -3_600_000)))).toBe(Date.parse(iso) - 3_600_000)
    expect(Date.parse(deviceNow(at(iso, 3_600_000)))).toBe(Date.parse(iso))
  })

  it('comes from the input for date and time, and goes back into it', () => {
    expect(inputOf(claim('2026-11-20T15:05'))).toBe('2026-11-20T15:05')
    expect(claim(claim('2026-11-20T15:05'))).toBe(claim('2026-11-20T15:05'))
  })

  it('is Asia/Shanghai in the input, as on the rest of the screen, wherever the phone thinks that it is', () => {
    expect(claim('2026-11-20T15:05')).toBe('2026-11-20T15:05:00.000+08:00')
    expect(inputOf('2026-11-20T07:05:00+00:00')).toBe('2026-11-20T15:05')
    expect(inputOf('2026-11-20T23:05:00-08:00')).toBe('2026-11-21T15:05')
    expect(inputOf('2026-11-20T15:05')).toBe('2026-11-20T15:05')
  })

  it('is not made up when the input holds no time', () => {
    expect(claim('昨天')).toBe('昨天')
  })

  it('counts as 补录 more than 24 hours late', () => {
    expect(isBackfill('2026-11-23T09:30:00+08:00', '2026-11-24T09:30:00+08:00')).toBe(false)
    expect(isBackfill('2026-11-23T09:29:59+08:00', '2026-11-24T09:30:00+08:00')).toBe(true)
  })
})

describe('when a matter was raised at the latest', () => {
  it('is when the server heard of it, if the phone ran fast', () => {
    const server = '2026-11-24T01:00:00+00:00'
    expect(raisedBy({ raised_at: '2026-11-25T11:00:00+08:00', received_at: server })).toBe(server)
    expect(raisedBy({ raised_at: '2026-11-24T08:59:00+08:00', received_at: server })).toBe('2026-11-24T08:59:00+08:00')
  })
})
