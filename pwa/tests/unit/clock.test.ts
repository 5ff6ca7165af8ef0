import { beforeEach, describe, expect, it, vi } from 'vitest'

import { correctedNow, isAgo, watchedClock, type Clock } from '../../src/domain/clock'
import { visitForm } from './phone'
import { newSurroundings, start, type Surroundings } from './wholeApp'

const MINUTE = 60 * 1000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const NOON = Date.parse('2026-11-24T12:00:00+08:00')

describe('a clock whose error was measured', () => {
  let wall: number
  let steady: number
  let clock: Clock
  const pass = (ms: number) => {
    wall += ms
    steady += ms
  }
  const sleep = (ms: number) => (wall += ms)
  const set = (ms: number) => (wall += ms)

  /** A clock that is off, once the server has told by how much. */
  function measured(offset: number) {
    clock.offsetMs = offset
    return clock
  }

  beforeEach(() => {
    wall = NOON
    steady = 5000
    clock = watchedClock(
      () => wall,
      () => steady,
    )
  })

  it('is corrected for as long as nobody sets it', () => {
    measured(3 * DAY)
    for (let hours = 0; hours < 100; hours++) {
      pass(HOUR)
      expect(correctedNow(clock)).toBe(wall + 3 * DAY)
    }
  })

  it('is corrected through every night that the phone sleeps', () => {
    measured(3 * DAY)
    for (let nights = 0; nights < 10; nights++) {
      pass(16 * HOUR)
      expect(correctedNow(clock)).toBe(wall + 3 * DAY)
      sleep(8 * HOUR)
      expect(correctedNow(clock)).toBe(wall + 3 * DAY)
    }
    measured(-3 * DAY)
    sleep(9 * DAY)
    expect(correctedNow(clock)).toBe(wall - 3 * DAY)
  })

  for (const [what, offset] of [
    ['late by years', 3000 * DAY],
    ['late by days', 3 * DAY],
    ['late by ten minutes', 10 * MINUTE],
    ['ahead by ten minutes', -10 * MINUTE],
    ['ahead by a year', -365 * DAY],
  ] as const) {
    it(`is believed once it was put right, when it was ${what}`, () => {
      measured(offset)
      pass(HOUR)
      expect(correctedNow(clock)).toBe(wall + offset)
      set(offset)
      expect(correctedNow(clock)).toBe(wall)
      pass(HOUR)
      expect(correctedNow(clock)).toBe(wall)
    })
  }

  it('is believed when it was put right to within a minute, by hand', () => {
    measured(3 * DAY)
    set(3 * DAY - MINUTE)
    expect(correctedNow(clock)).toBe(wall)
  })

  it('is corrected again by the next measure', () => {
    measured(3 * DAY)
    set(3 * DAY)
    expect(correctedNow(clock)).toBe(wall)
    measured(-HOUR)
    expect(correctedNow(clock)).toBe(wall - HOUR)
  })
})

describe('after a restart without a network', () => {
  let around: Surroundings
  let wall: number

  beforeEach(() => {
    vi.spyOn(Date, 'now').mockImplementation(() => wall)
    around = newSurroundings()
    around.server.time = NOON
    return () => vi.restoreAllMocks()
  })

  /** A phone that was off by this much when it last saw the server, was out of use for a while, and starts again. */
  async function claimAfter({ offset, closed, set = 0 }: { offset: number; closed: number; set?: number }): Promise<number> {
    wall = NOON - offset
    const before = await start()
    await before.session.signIn('li', 'secret')
    await before.engine.syncNow()
    around.offline = true
    wall += closed + set
    const later = await start()
    await later.record.recordVisit(visitForm())
    const [entry] = await later.session.portsNow()!.db.outbox.toArray()
    return Date.parse(entry!.args.happened_at as string) - (NOON + closed)
  }

  it('a clock that nobody touched is still corrected', async () => {
    expect(await claimAfter({ offset: 3 * DAY, closed: 12 * HOUR })).toBe(0)
    around.offline = false
    expect(await claimAfter({ offset: -3 * DAY, closed: 12 * HOUR })).toBe(0)
  })

  it('a late clock that was put right is not set forward again', async () => {
    expect(await claimAfter({ offset: 3 * DAY, closed: HOUR, set: 3 * DAY })).toBe(0)
  })

  it('a fast clock that was put right is not set back again', async () => {
    expect(await claimAfter({ offset: -3 * DAY, closed: HOUR, set: -3 * DAY })).toBe(0)
  })

  it('days without a network, with the app opened each day, do not look like a clock that was put right', async () => {
    wall = NOON - 3 * DAY
    const first = await start()
    await first.session.signIn('li', 'secret')
    await first.engine.syncNow()
    around.offline = true
    for (let days = 0; days < 5; days++) {
      wall += DAY
      const app = await start()
      expect(app.session.portsNow()!.clock.offsetMs).toBe(3 * DAY)
      await app.engine.syncNow()
    }
  })
})

describe('whether something is long enough ago', () => {
  it('is said by the clock, and by one that was put back since as well', () => {
    const at = (now: number) => ({ now: () => now })
    expect(isAgo(NOON, MINUTE, at(NOON + MINUTE - 1))).toBe(false)
    expect(isAgo(NOON, MINUTE, at(NOON + MINUTE))).toBe(true)
    expect(isAgo(NOON, MINUTE, at(NOON - 3 * DAY))).toBe(true)
    expect(isAgo(-Infinity, MINUTE, at(NOON))).toBe(true)
  })
})
