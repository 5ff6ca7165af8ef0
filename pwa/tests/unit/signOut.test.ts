import Dexie from 'dexie'
import { IDBObjectStore } from 'fake-indexeddb'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { readCursors } from '../../src/store/meta'
import { AREA, li, serverMatter } from './fakeServer'
import { matterForm, visitForm } from './phone'
import { promised } from '../mortal/process'
import { newSurroundings, start, wang, type App, type Surroundings } from './wholeApp'

const ZHANG = { name: '张三', phone: '13800000000' }
const COPIES = ['matters', 'visits', 'areas', 'units', 'cases', 'answers', 'meta']
let around: Surroundings

beforeEach(() => {
  around = newSurroundings()
})

/** How many rows of the server's lie on the disk for this user, by table; the empty ones are left out. */
async function copiesOf(userId: string): Promise<Record<string, number>> {
  const db = await new Dexie(`shishibu-${userId}`).open()
  const counts = await Promise.all(COPIES.map(async (name) => [name, await db.table(name).count()] as const))
  db.close()
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

/** Li, signed in, with a resident's name on the server. */
async function startWithLi(): Promise<App> {
  const app = await start()
  await app.session.signIn('li', 'secret')
  around.server.put(AREA, serverMatter('m1', { resident: ZHANG }))
  return app
}

/** Hold the answer of the next request to `path`. */
function hold(path: string) {
  const reached = promised()
  const release = promised()
  around.onTheWay = (asked) => {
    if (asked !== path) return
    around.onTheWay = () => undefined
    reached.keep()
    return release.kept
  }
  return { reached: reached.kept, release: release.keep }
}

describe('what a request brings after its user has signed out', () => {
  for (const path of ['/api/session', '/api/sync/push', '/api/reference', '/api/sync/pull', '/api/cases']) {
    it(`is not written when the service worker asked ${path}`, async () => {
      const app = await startWithLi()
      await app.record.recordVisit(visitForm([matterForm({ residentName: ZHANG.name })]))
      const { reached, release } = hold(path)
      const working = app.background.runInServiceWorker().catch(() => undefined)
      await reached
      await app.session.signOut()
      const writing = vi.spyOn(IDBObjectStore.prototype, 'put')
      release()
      await working
      expect(writing).not.toHaveBeenCalled()
      writing.mockRestore()
      expect(await copiesOf(li.id)).toEqual({})
    })
  }

  it('is not written when the page itself asked, and the next user’s sync is not disturbed', async () => {
    const app = await startWithLi()
    const { reached, release } = hold('/api/sync/pull')
    const syncing = app.engine.syncNow()
    await reached
    await app.session.signOut()
    await app.session.signIn('wang', 'secret')
    const next = app.engine.syncNow()
    release()
    await Promise.all([syncing, next])
    expect(await copiesOf(li.id)).toEqual({})
    expect(await copiesOf(wang.id)).toMatchObject({ matters: 1 })
    expect(app.status.status).toMatchObject({ problem: null, needsPassword: false })
  })

  it('is not written by another tab that was fetching', async () => {
    const tab = await startWithLi()
    const { reached, release } = hold('/api/sync/pull')
    const syncing = tab.engine.syncNow()
    await reached
    const other = await start()
    await other.session.signOut()
    release()
    await syncing
    await expect.poll(() => tab.session.session.me).toBeNull()
    expect(await copiesOf(li.id)).toEqual({})
  })

  it('does not stay even when it was looked at just before he left and written just after', async () => {
    const app = await startWithLi()
    const ports = app.session.portsNow()!
    await app.session.signOut()
    around.server.me = li
    const api = app.api.openApi(fetch, ports.clock, li.id)
    await app.exchange.exchange({ ...ports, api, db: new app.database.Database(li.id) })
    expect(around.server.requests[around.server.requests.length - 1]!.path).toBe('/api/cases')
    expect(await copiesOf(li.id)).toEqual({})
  })

  it('is written when he has signed in again meanwhile, and then from the beginning', async () => {
    const app = await startWithLi()
    await app.engine.syncNow()
    around.server.put(AREA, serverMatter('m2'))
    const { reached, release } = hold('/api/sync/pull')
    const working = app.background.runInServiceWorker()
    await reached
    await app.session.signOut()
    await app.session.signIn('li', 'secret')
    release()
    await working
    const { db } = app.session.portsNow()!
    expect((await db.matters.toArray()).map(({ id }) => id)).toEqual(['m1', 'm2'])
    expect(await readCursors(db)).toEqual([{ scope: AREA, version: 2 }])
  })
})

describe('a sign-out', () => {
  it('that was killed half way is finished at the next start, and keeps what was not sent', async () => {
    const app = await startWithLi()
    await app.engine.syncNow()
    await app.record.recordVisit(visitForm([matterForm()]))
    const dying = vi.spyOn(app.database.Database.prototype, 'transaction').mockRejectedValue(new Error('killed'))
    await expect(app.session.signOut()).rejects.toThrow('killed')
    dying.mockRestore()
    expect(await copiesOf(li.id)).toMatchObject({ matters: 2 })
    await start()
    await expect.poll(() => copiesOf(li.id)).toEqual({})
    await app.session.signIn('li', 'secret')
    expect(await app.session.portsNow()!.db.outbox.count()).toBe(1)
  })

  it('happens by itself when somebody else signs in', async () => {
    const app = await startWithLi()
    await app.engine.syncNow()
    await app.session.signIn('wang', 'secret')
    expect(await copiesOf(li.id)).toEqual({})
    expect((await app.registry.registry.users.toArray()).map(({ name }) => name)).toEqual([wang.name])
  })

  it('leaves the database closed: a form that is still open cannot write into it', async () => {
    const app = await startWithLi()
    const { db } = app.session.portsNow()!
    await app.session.signOut()
    await expect(db.drafts.put({ key: 'visit', value: {} })).rejects.toMatchObject({ name: 'DatabaseClosedError' })
  })

  it('that hangs on a bad line keeps nobody from signing in', async () => {
    const app = await startWithLi()
    around.onTheWayThere = (path, { method }) => (path === '/api/session' && method === 'DELETE' ? new Promise(() => undefined) : undefined)
    await app.session.signOut()
    await app.session.signIn('wang', 'secret')
    expect(app.session.session.me?.id).toBe(wang.id)
  })

  it('is not undone by what the server says of him a moment later', async () => {
    const app = await startWithLi()
    await app.session.signOut()
    await app.registry.registry.users.update(li.id, { access_version: 2 })
    expect(await app.registry.registry.users.toArray()).toEqual([])
  })
})
