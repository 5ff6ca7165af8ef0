import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watch } from 'vue'

import { AREA, serverMatter } from './fakeServer'
import { visitForm } from './phone'
import { promised } from '../mortal/process'
import { newSurroundings, start, type App, type Surroundings } from './wholeApp'

let around: Surroundings
let app: App
let page: EventTarget & { visibilityState: string }
let stop: () => void = () => undefined

beforeEach(async () => {
  around = newSurroundings()
  app = await start()
  page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  vi.stubGlobal('document', page)
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
  await app.session.signIn('li', 'secret')
})

afterEach(() => {
  stop()
  vi.restoreAllMocks()
})

/** Start syncing by itself; resolves when the first attempt is over. */
async function startSyncing(): Promise<void> {
  stop = app.engine.startSyncing()
  await app.engine.syncNow()
}

/** How long the phone now waits until its next attempt, in seconds. */
function waits(): () => number {
  const timers = vi.spyOn(globalThis, 'setTimeout')
  return () => {
    const set = timers.mock.calls.map(([, ms]) => (ms ?? 0) / 1000).filter((seconds) => seconds > 1 && seconds !== 60)
    return set[set.length - 1] ?? NaN
  }
}

async function failOften(): Promise<void> {
  around.offline = true
  for (let times = 0; times < 8; times++) await app.engine.syncNow()
}

/** How many exchanges have reached the server. */
const exchanges = () => around.server.requests.filter(({ path }) => path === '/api/sync/pull').length

describe('after eight failures', () => {
  it('the phone waits minutes', async () => {
    await startSyncing()
    const seconds = waits()
    await failOften()
    expect(seconds()).toBeGreaterThan(200)
  })

  for (const [what, event] of [
    ['the network comes back', 'online'],
    ['the person comes back to the app', 'visibilitychange'],
  ] as const) {
    it(`it tries at once when ${what}, and waits seconds when that fails too`, async () => {
      await startSyncing()
      await failOften()
      const seconds = waits()
      page.dispatchEvent(new Event(event))
      await app.engine.syncNow()
      expect(seconds()).toBeLessThan(11)
    })
  }

  it('an attempt that hangs while the network comes back is followed by another as soon as it fails', async () => {
    await startSyncing()
    await failOften()
    around.offline = false
    await app.record.recordVisit(visitForm())
    const reached = promised()
    const release = promised()
    around.onTheWay = async () => {
      around.onTheWay = () => undefined
      reached.keep()
      await release.kept
      throw new TypeError('the network has changed')
    }
    const seconds = waits()
    const hanging = app.engine.syncNow()
    await reached.kept
    page.dispatchEvent(new Event('online'))
    release.keep()
    await hanging
    expect(around.server.applied.length).toBe(1)
    expect(app.status.status).toMatchObject({ online: true, problem: null })
    expect(seconds()).toBe(300)
  })
})

describe('an attempt that fails', () => {
  it('is not repeated at once when nobody asked meanwhile', async () => {
    around.server.failures = ['offline']
    await app.engine.syncNow()
    expect([exchanges(), app.status.status.problem]).toEqual([0, expect.stringMatching('没有网络')])
    await app.engine.syncNow()
    expect(exchanges()).toBe(1)
  })
})

describe('while somebody looks at what others are changing', () => {
  it('only fetches what changed, and says nothing of it', async () => {
    await startSyncing()
    const known = around.server.requests.length
    around.server.put(AREA, serverMatter('m1'))
    const told: string[] = []
    const { status } = app.status
    const stopWatching = watch(() => status.working, (now) => told.push(now), { flush: 'sync' })
    await app.engine.lookNow()
    stopWatching()
    expect(around.server.requests.slice(known).map(({ path }) => path)).toEqual(['/api/sync/pull'])
    expect(await app.session.portsNow()!.db.matters.get('m1')).toMatchObject({ title: '水渠堵了' })
    expect(told).toEqual([])
  })

  it('what was recorded meanwhile is sent as soon as the look is over', async () => {
    await startSyncing()
    const reached = promised()
    const release = promised()
    around.onTheWay = async () => {
      around.onTheWay = () => undefined
      reached.keep()
      await release.kept
    }
    const looking = app.engine.lookNow()
    await reached.kept
    await app.record.recordVisit(visitForm())
    void app.engine.syncNow()
    release.keep()
    await looking
    expect(around.server.applied.length).toBe(1)
  })

  it('a look that fails is followed by a whole exchange, which says what is wrong and waits as it should', async () => {
    await startSyncing()
    const seconds = waits()
    around.offline = true
    await app.engine.lookNow()
    expect(app.status.status).toMatchObject({ online: false, problem: expect.stringMatching('没有网络') })
    expect(seconds()).toBeLessThan(11)
  })

  it('an ended session asks for the password once, and is not asked again and again', async () => {
    await startSyncing()
    around.server.me = null
    await app.engine.lookNow()
    expect(app.status.status.needsPassword).toBe(true)
  })
})

describe('when it syncs by itself', () => {
  it('it does so on starting and when something was recorded, and no longer after it was stopped', async () => {
    await startSyncing()
    const before = exchanges()
    await app.record.recordVisit(visitForm())
    await expect.poll(() => around.server.applied.length).toBe(1)
    await expect.poll(exchanges).toBeGreaterThan(before)
    stop()
    await app.engine.syncNow()
    const after = exchanges()
    page.dispatchEvent(new Event('online'))
    await app.engine.syncNow()
    expect(exchanges()).toBe(after + 1)
  })

  it('it does not when the app goes out of sight', async () => {
    await startSyncing()
    const before = exchanges()
    page.visibilityState = 'hidden'
    page.dispatchEvent(new Event('visibilitychange'))
    await app.engine.syncNow()
    expect(exchanges()).toBe(before + 1)
  })
})

describe('while many phones fetch everything at once', () => {
  it('it waits as long as the server says and up to as long again, and says so as no failure', async () => {
    around.server.letsWait = { times: 9, after: 0 }
    const seconds = waits()
    await startSyncing()
    const { status } = app.status
    expect({ queued: status.queued, problem: status.problem, first: status.firstFetch }).toEqual({
      queued: true,
      problem: null,
      first: { received: 0, total: 0 },
    })
    await app.engine.syncNow()
    await app.engine.syncNow()
    expect(seconds()).toBeGreaterThanOrEqual(7)
    expect(seconds()).toBeLessThan(14)
  })

  it('what was recorded is sent all the same', async () => {
    around.server.letsWait = { times: 9, after: 0 }
    await app.record.recordVisit(visitForm())
    await startSyncing()
    expect(app.status.status.queued).toBe(true)
    expect(around.server.applied).toHaveLength(1)
  })

  it('it goes on where it was, and then waits no more', async () => {
    for (let number = 0; number < 3; number++) around.server.put(AREA, serverMatter(`m${number}`))
    around.server.pageSize = 2
    around.server.letsWait = { times: 9, after: 1 }
    await startSyncing()
    const { status } = app.status
    expect([status.queued, status.firstFetch]).toEqual([true, { received: 2, total: 3 }])
    around.server.letsWait.times = 0
    const seconds = waits()
    await app.engine.syncNow()
    expect([status.queued, status.firstFetch, status.problem]).toEqual([false, null, null])
    expect(seconds()).toBe(300)
    expect(await app.session.portsNow()?.db.matters.count()).toBe(3)
  })
})
