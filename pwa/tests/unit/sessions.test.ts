import Dexie from 'dexie'
import { beforeEach, describe, expect, it } from 'vitest'

import { serverMatter, li, AREA } from './fakeServer'
import { matterForm, visitForm } from './phone'
import { moments } from '../mortal/process'
import { newSurroundings, start, type Surroundings } from './wholeApp'

let around: Surroundings
let server: Surroundings['server']

beforeEach(() => {
  around = newSurroundings()
  server = around.server
})

describe('one sign-in', () => {
  it('is enough for all the days without a network that follow', async () => {
    const first = await start()
    expect(first.session.session).toMatchObject({ me: null, ready: true })
    await first.session.signIn('li', 'secret')
    around.offline = true
    const later = await start()
    expect(later.session.session).toMatchObject({ me: { name: '李建国' }, ready: true })
    await later.record.recordVisit(visitForm([matterForm()]))
    await later.engine.syncNow()
    await expect.poll(() => ({ ...later.status.status })).toMatchObject({ online: false, pending: 1, problem: expect.stringMatching('没有网络') })
    around.offline = false
    await later.engine.syncNow()
    await expect.poll(() => ({ ...later.status.status })).toMatchObject({ online: true, pending: 0, problem: null, working: 'idle', firstFetch: null })
    await expect.poll(() => later.status.status.lastSyncedAt).not.toBeNull()
    expect(server.applied.length).toBe(1)
  })

  it('that has expired asks for the password and sends everything after it', async () => {
    const app = await start()
    await app.session.signIn('li', 'secret')
    server.me = null
    await app.record.recordVisit(visitForm())
    await app.engine.syncNow()
    expect(app.status.status).toMatchObject({ needsPassword: true, online: true })
    await app.record.recordVisit(visitForm())
    await app.session.signInAgain('secret')
    expect(app.status.status.needsPassword).toBe(false)
    await app.engine.syncNow()
    expect(server.applied.length).toBe(2)
  })

  it('lets the service worker send, too', async () => {
    const app = await start()
    await app.session.signIn('li', 'secret')
    await app.record.recordVisit(visitForm())
    around.offline = true
    await expect(app.background.runInServiceWorker()).rejects.toMatchObject({ code: 'offline' })
    around.offline = false
    await app.background.runInServiceWorker()
    expect(server.applied.length).toBe(1)
    server.me = null
    await expect(app.background.runInServiceWorker()).resolves.toBeUndefined()
  })
})

describe('signing out', () => {
  it('keeps what is not sent for the same person', async () => {
    const app = await start()
    await app.session.signIn('li', 'secret')
    await app.record.recordVisit(visitForm([matterForm()]))
    expect(await (await import('../../src/store/leaving')).countUnsent(li.id)).toBe(1) // SignOut.vue asks then.
    await app.session.signOut()
    expect(app.session.session.me).toBeNull()

    await app.session.signIn('wang', 'secret')
    await app.engine.syncNow()
    expect(server.applied).toEqual([])
    await app.session.signOut()

    await app.session.signIn('li', 'secret')
    await app.engine.syncNow()
    expect(server.applied.length).toBe(1)
  })

  it('takes the fetched records off the phone, also without a network', async () => {
    const app = await start()
    await app.session.signIn('li', 'secret')
    server.put(AREA, serverMatter('m1'))
    await app.engine.syncNow()
    const { db } = app.session.portsNow()!
    expect(await db.matters.count()).toBe(1)
    around.offline = true
    await app.session.signOut()
    const left = await new Dexie(db.name).open()
    expect(await left.table('matters').count()).toBe(0)
    left.close()
    expect((await start()).session.session.me).toBeNull()
  })

  it('without a network is told to the server at the next start', async () => {
    const app = await start()
    await app.session.signIn('li', 'secret')
    around.offline = true
    await app.session.signOut()
    around.offline = false
    expect(server.me).not.toBeNull()
    await start()
    await expect.poll(() => server.me).toBeNull()
  })

  it('slowly does not end the session of whoever signs in next', async () => {
    const app = await start()
    await app.session.signIn('li', 'secret')
    around.onTheWayThere = (_, { method }) => (method === 'DELETE' ? moments(200) : undefined)
    await app.session.signOut()
    await app.session.signIn('wang', 'secret')
    await app.engine.syncNow()
    await moments(200)
    expect(server.me).toMatchObject({ name: '王芳' })
    await app.engine.syncNow()
    expect(app.status.status).toMatchObject({ needsPassword: false, problem: null })
  })
})

describe('an answer for reading', () => {
  it('stays readable without a network, with its time, and at most 200 are kept', async () => {
    const app = await start()
    await app.session.signIn('li', 'secret')
    const ports = app.session.portsNow()!
    for (let n = 0; n < 205; n++) await ports.db.answers.put({ path: `/api/old/${n}`, body: {}, at: `2026-01-01T00:00:00.${100 + n}+08:00` })
    server.failures = [{ status: 200, body: { total: 7 } }]
    const shown = app.answers.useAnswer<{ total: number }>('/api/tallies?x')
    await expect.poll(() => shown.data.value).toEqual({ total: 7 })
    expect(shown.kept.value).toBe(false)
    expect(await ports.db.answers.count()).toBe(200)
    expect(await ports.db.answers.get('/api/tallies?x')).toBeDefined()

    around.offline = true
    const later = await start()
    const old = later.answers.useAnswer<{ total: number }>('/api/tallies?x')
    await expect.poll(() => old.data.value).toEqual({ total: 7 })
    expect([old.kept.value, old.at.value, old.problem.value]).toEqual([true, shown.at.value, expect.stringMatching('没有网络')])
  })

  it('is not shown from before when the server now refuses it', async () => {
    const app = await start()
    await app.session.signIn('li', 'secret')
    await app.session.portsNow()!.db.answers.put({ path: '/api/tallies?x', body: { total: 7 }, at: '2026-11-01T00:00:00+08:00' })
    server.failures = [{ status: 403, body: { code: 'not_allowed', message: '您没有权限这样做。', field: null } }]
    const shown = app.answers.useAnswer('/api/tallies?x')
    await expect.poll(() => shown.loading.value).toBe(false)
    expect([shown.data.value, shown.problem.value, shown.code.value]).toEqual([undefined, '您没有权限这样做。', 'not_allowed'])
  })

  it('asks for the password when the session has expired, and keeps showing the last one', async () => {
    const app = await start()
    await app.session.signIn('li', 'secret')
    await app.session.portsNow()!.db.answers.put({ path: '/api/tallies?x', body: { total: 7 }, at: '2026-11-01T00:00:00+08:00' })
    server.me = null
    const shown = app.answers.useAnswer<{ total: number }>('/api/tallies?x')
    await expect.poll(() => shown.data.value).toEqual({ total: 7 })
    expect(app.status.status.needsPassword).toBe(true)
    server.me = li
    server.failures = [null, { status: 200, body: { total: 8 } }]
    await app.session.signInAgain('secret')
    await expect.poll(() => shown.data.value).toEqual({ total: 8 })
  })
})
