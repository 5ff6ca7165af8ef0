import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const ENGINE = '../../src/sync/engine'
const engine = { startSyncing: vi.fn(), syncNow: vi.fn(() => Promise.resolve()) }
const heard = new Map<string, () => void>()
let reachable = false

beforeEach(() => {
  vi.resetModules()
  vi.useFakeTimers()
  heard.clear()
  reachable = false
  const listen = (name: string, work: () => void) => void heard.set(name, work)
  const forget = (name: string) => void heard.delete(name)
  vi.stubGlobal('navigator', { onLine: true })
  vi.stubGlobal('addEventListener', listen)
  vi.stubGlobal('removeEventListener', forget)
  vi.stubGlobal('document', { addEventListener: listen, removeEventListener: forget, createElement: () => ({}) }) // Vue makes one
  engine.startSyncing.mockClear()
  vi.doMock(ENGINE, () => {
    if (!reachable) throw new TypeError('Failed to fetch dynamically imported module')
    return engine
  })
})

afterEach(() => {
  vi.doUnmock(ENGINE)
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** The engine could not be fetched; from now on it can. */
async function startTooEarly() {
  const start = await import('../../src/sync/start')
  await start.startSyncing()
  expect(engine.startSyncing).not.toHaveBeenCalled()
  reachable = true
  vi.doMock(ENGINE, () => engine)
  return start
}

it('syncs by itself after a while when the engine could not be fetched at once', async () => {
  await startTooEarly()
  await vi.advanceTimersByTimeAsync(10_000)
  await vi.waitFor(() => expect(engine.startSyncing).toHaveBeenCalledOnce())
  expect(heard.has('online') || heard.has('visibilitychange')).toBe(false)
})

for (const event of ['online', 'visibilitychange']) {
  it(`syncs by itself on ${event} when the engine could not be fetched at once`, async () => {
    await startTooEarly()
    heard.get(event)!()
    await vi.waitFor(() => expect(engine.startSyncing).toHaveBeenCalledOnce())
  })
}

it('starts to sync by itself when the person asks for it before', async () => {
  const { syncNow } = await startTooEarly()
  await syncNow()
  expect(engine.startSyncing).toHaveBeenCalled()
  expect(engine.syncNow).toHaveBeenCalled()
})

it('says that the server cannot be reached, not that there is no network, when there is one', async () => {
  const { syncNow } = await import('../../src/sync/start')
  const { status } = await import('../../src/sync/status')
  await syncNow()
  expect(status.problem).toContain('服务器暂时连不上')
})
