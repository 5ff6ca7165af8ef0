import Dexie from 'dexie'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { li } from './fakeServer'
import { KEY, matterForm, visitForm } from './phone'
import { PIN, sealedPhone, sealedSurroundings, unlocking } from './sealedApp'
import { start, wang, type App, type Surroundings } from './wholeApp'

let around: Surroundings

beforeEach(() => {
  around = sealedSurroundings()
})

afterEach(() => {
  vi.useRealTimers()
})

/** Li's phone, sealed, with three visits that were not sent; the server has ended its session. */
async function lostPhone(standing: 'revoked' | 'closed' | 'good' | 'unknown'): Promise<App> {
  const app = await sealedPhone(around, PIN, ['水渠堵了', '路灯不亮', '桥塌了'])
  await app.session.portsNow()!.db.drafts.put({ key: 'visit', value: { note: '没写完' } })
  Object.assign(around.server, { me: null, standing })
  return app
}

const databases = async () => (await Dexie.getDatabaseNames()).sort()
const leavings = () => import('../../src/store/leaving')
const HANDED = ['visit.record', 'visit.record', 'visit.record']

const leaving = async () => (await (await leavings()).allLeaving()).map(({ user_id }) => user_id)

/** The line breaks whenever something is to be handed in. */
function cutHandingIn(): void {
  around.onTheWayThere = (path) => {
    if (path === '/api/handed-in') throw new TypeError('Failed to fetch')
  }
}

async function handedIn(): Promise<unknown[]> {
  const { sealer } = await import('../../src/store/seal')
  const opened = around.server.handedIn.map(({ id, sealed }) => sealer(KEY, li.id).open('outbox', id, Uint8Array.from(Buffer.from(sealed, 'base64'))))
  return opened.map((entry) => (entry as { name: string }).name)
}

describe('a phone that the server turns away', () => {
  for (const standing of ['revoked', 'closed'] as const) {
    it(`hands in what was not sent and keeps nothing when it is ${standing}`, async () => {
      const app = await lostPhone(standing)
      const before = await app.registry.deviceId()
      await app.engine.syncNow()
      await expect.poll(databases).toEqual(['shishibu'])
      expect(await handedIn()).toEqual(HANDED)
      await expect.poll(() => ({ ...app.session.session })).toMatchObject({ me: null, sentAway: true })
      expect([await app.registry.registry.users.count(), await app.registry.registry.keys.count()]).toEqual([0, 0])
      expect(await app.registry.deviceId()).not.toBe(before)
      expect(around.server.applied).toEqual([])
    })
  }

  it('hands in by smaller parts what is too large together', async () => {
    const app = await lostPhone('revoked')
    around.server.roomForHandedIn = 1
    await app.engine.syncNow()
    await expect.poll(databases).toEqual(['shishibu'])
    expect(await handedIn()).toEqual(HANDED)
    expect(around.server.requests.filter(({ path }) => path === '/api/handed-in')).toHaveLength(5)
  })

  it('hands in what still lies there plain, too, where the page has the key', async () => {
    const app = await lostPhone('revoked')
    const disk = await new Dexie(`shishibu-${li.id}`).open()
    const plain = { id: 'p1', name: 'matter.act', made_at: '2026-11-24T09:30:00.000+08:00', args: {}, error: null, seen: {} }
    await disk.table('outbox').add({ ...plain, status: 'refused', records: [] })
    disk.close()
    await app.engine.syncNow()
    await expect.poll(databases).toEqual(['shishibu'])
    expect(await handedIn()).toEqual([...HANDED, 'matter.act'])
  })

  it('does so while it is locked, and in the service worker', async () => {
    await lostPhone('revoked')
    const app = await start()
    expect(app.session.session.locked).toBe(true)
    await app.background.runInServiceWorker()
    expect(await databases()).toEqual(['shishibu'])
    expect(await handedIn()).toEqual(HANDED)
  })

  it('does so from the page that asks for the PIN', async () => {
    await lostPhone('revoked')
    const app = await start()
    const stop = (await unlocking()).openByServer(() => undefined)
    await expect.poll(databases).toEqual(['shishibu'])
    stop()
    await expect.poll(() => ({ ...app.session.session })).toMatchObject({ me: null, locked: false, sentAway: true })
  })

  for (const again of ['who signs in before the page has noticed', 'a page that slept until he had signed in elsewhere']) {
    it(`is another phone then, also for ${again}`, async () => {
      const app = await lostPhone('good')
      const before = app.session.portsNow()!.deviceId
      const leaving = await leavings()
      await leaving.beginLeaving({ user_id: li.id, device_id: before })
      await leaving.endLeaving(li.id, true)
      if (again.startsWith('who')) await app.session.signIn('li', 'secret')
      else await app.registry.setCurrentUser({ ...li, name: '李秀英' })
      const now = await app.registry.deviceId()
      expect(now).not.toBe(before)
      await expect.poll(() => app.session.portsNow()?.deviceId).toBe(now)
    })
  }

  it('forgets at once and hands in later, when the line breaks in between', async () => {
    const app = await lostPhone('revoked')
    cutHandingIn()
    await app.engine.syncNow()
    await expect.poll(() => app.session.session.me).toBeNull()
    await expect.poll(leaving).toEqual([li.id])
    const left = await new Dexie(`shishibu-${li.id}`).open()
    const counts = () => Promise.all(['outbox', 'matters', 'drafts', 'meta'].map((table) => left.table(table).count()))
    await expect.poll(counts).toEqual([3, 0, 0, 1]) // Of meta, which phone it was.
    left.close()

    const later = await start()
    expect(later.session.session.me).toBeNull()
    vi.stubGlobal('document', undefined)
    await expect(later.background.runInServiceWorker()).rejects.toThrow()
    expect(await databases()).toContain(`shishibu-${li.id}`)
    around.onTheWayThere = () => undefined
    await later.background.runInServiceWorker()
    expect(await databases()).toEqual(['shishibu'])
    expect(await handedIn()).toEqual(HANDED)
  })

  it('says that nothing is saved any more to a tab that has not noticed while it hands in', async () => {
    const app = await lostPhone('revoked')
    const ports = app.session.portsNow()!
    const tab = { ...ports, db: new (await import('../../src/store/db')).Database(li.id) }
    tab.db.holder.sealer = ports.db.holder.sealer
    const { addVisit } = await import('../../src/store/outbox')
    let said: unknown
    around.onTheWayThere = async (path) => {
      if (path === '/api/handed-in') said ??= await addVisit(tab, visitForm([matterForm({ title: '又记一件' })])).catch((error: Error) => error.message)
    }
    await app.engine.syncNow()
    await expect.poll(databases).toEqual(['shishibu'])
    expect(said).toBe('这部手机已停用，这一条没有保存。')
    expect(await handedIn()).toEqual(HANDED)
  })

  it('hands in what a colleague who signed in meanwhile did not write, while he goes on', async () => {
    const app = await lostPhone('revoked')
    cutHandingIn()
    await app.engine.syncNow()
    await expect.poll(() => app.session.session.me).toBeNull()
    await app.session.signIn('wang', 'secret')
    expect(app.session.session).toMatchObject({ sentAway: false, me: { username: 'wang' } })
    const device = app.session.portsNow()!.deviceId
    await app.record.recordVisit(visitForm([matterForm({ title: '井水浑了' })]))
    expect(await leaving()).toEqual([li.id])
    around.onTheWayThere = () => undefined

    const later = await start()
    await later.session.restore()
    const stop = later.engine.startSyncing()
    await expect.poll(leaving).toEqual([])
    await expect.poll(handedIn).toEqual(HANDED)
    await expect.poll(() => around.server.applied.length).toBe(1)
    stop()
    expect(await databases()).toEqual(['shishibu', `shishibu-${wang.id}`])
    expect(later.session.portsNow()?.deviceId).toBe(device)
  })

  it('leaves what it has not handed in to the same person, who signs in again', async () => {
    const app = await lostPhone('revoked')
    cutHandingIn()
    await app.engine.syncNow()
    await expect.poll(() => app.session.session.me).toBeNull()
    await app.session.signIn('li', 'secret')
    around.onTheWayThere = () => undefined
    await app.engine.syncNow()
    expect(around.server.applied.map(({ name }) => name)).toEqual(HANDED)
    expect([await leaving(), around.server.handedIn]).toEqual([[], []])
  })

  it('leaves alone what he corrects, who is back while it is on the way', async () => {
    const app = await lostPhone('revoked')
    let back: Promise<unknown> | null = null
    const correct = async () => {
      await app.session.signIn('li', 'secret')
      const { db } = app.session.portsNow()!
      const [first] = await db.outbox.orderBy('seq').toArray()
      await db.outbox.put({ ...first!, id: '01990000-0000-7000-8000-0000000000c0' })
    }
    around.onTheWayThere = async (path) => {
      if (path !== '/api/handed-in' || back) return
      await expect.poll(() => app.session.session.me).toBeNull()
      await (back = correct())
    }
    await app.engine.syncNow()
    await expect.poll(() => around.server.handedIn.length).toBe(3)
    await back
    const ids = async () => (await app.session.portsNow()!.db.outbox.toArray()).map(({ id }) => id)
    await expect.poll(ids).toEqual(['01990000-0000-7000-8000-0000000000c0'])
  })

  it('keeps what no answer names: something on the way may answer in the place of the server', async () => {
    const app = await lostPhone('revoked')
    around.server.answersForHandedIn = { status: 'ok' }
    await app.engine.syncNow()
    await expect.poll(() => around.server.requests.filter(({ path }) => path === '/api/handed-in').length).toBeGreaterThan(0)
    await expect.poll(leaving).toEqual([li.id])
    around.server.answersForHandedIn = null
    await (await start()).background.runInServiceWorker()
    expect(await databases()).toEqual(['shishibu'])
    expect(await handedIn()).toEqual(HANDED)
  })

  it('goes on where the version before had begun', async () => {
    const app = await lostPhone('revoked')
    const { registry } = app.registry
    const device = await app.registry.deviceId()
    registry.close()
    await Dexie.delete('shishibu')
    const old = new Dexie('shishibu')
    old.version(2).stores({ users: 'id', facts: 'key', keys: 'user_id' })
    await old.table('facts').bulkPut([{ key: 'leaving', value: li.id }, { key: 'device_id', value: device }])
    old.close()
    await (await start()).background.runInServiceWorker()
    expect(await handedIn()).toEqual(HANDED)
    expect(await databases()).toEqual(['shishibu'])
  })

  it('asks again when its clock was put back after it had asked for nothing', async () => {
    const app = await lostPhone('revoked')
    let asked = 0
    around.onTheWayThere = (path) => {
      if (path === '/api/session/standing' && (asked += 1) === 1) throw new TypeError('Failed to fetch')
    }
    await app.engine.syncNow()
    await expect.poll(() => asked).toBe(1)
    vi.setSystemTime(Date.now() - 3 * 24 * 60 * 60 * 1000)
    await app.engine.syncNow()
    await expect.poll(databases).toEqual(['shishibu'])
    expect(await handedIn()).toEqual(HANDED)
  })

  it('keeps everything while it is only signed out', async () => {
    for (const standing of ['good', 'unknown'] as const) {
      const app = await lostPhone(standing)
      await app.engine.syncNow()
      expect(app.status.status.needsPassword).toBe(true)
      expect(await app.session.portsNow()!.db.outbox.count()).toBeGreaterThan(2)
      expect(around.server.handedIn).toEqual([])
    }
  })
})
