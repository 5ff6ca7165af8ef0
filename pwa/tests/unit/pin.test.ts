import { beforeEach, describe, expect, it, vi } from 'vitest'
import Dexie from 'dexie'

import { li } from './fakeServer'
import { KEY, visitForm } from './phone'
import { PIN, sealedPhone, sealedSurroundings, unlocking } from './sealedApp'
import { start, wang, type Surroundings } from './wholeApp'

let around: Surroundings

beforeEach(() => {
  around = sealedSurroundings()
})

/** The table's rows as they lie on the disk. */
async function onDisk(userId: string, table: string): Promise<Record<string, unknown>[]> {
  const db = await new Dexie(`shishibu-${userId}`).open()
  const rows = (await db.table(table).toArray()) as Record<string, unknown>[]
  db.close()
  return rows
}

describe('the first start with a key', () => {
  it('asks for a PIN, and seals what lay there before', async () => {
    const app = await start()
    await app.session.signIn('li', 'secret')
    expect(app.session.session).toMatchObject({ pinDue: true, locked: false })
    await sealedPhone(around)
    expect(JSON.stringify([await onDisk(li.id, 'matters'), await onDisk(li.id, 'outbox'), await onDisk(li.id, 'meta')])).not.toMatch(/[一-鿿]/)
    await app.engine.syncNow()
    expect(around.server.applied.length).toBe(1)
    expect(await app.registry.registry.keys.toArray()).toMatchObject([{ pin: { rounds: 600_000 } }])
    expect(JSON.stringify(await app.registry.registry.keys.toArray())).not.toContain(PIN)
  })

  it('asks for none where the server knows no keys', async () => {
    around.server.key = null
    const app = await start()
    await app.session.signIn('li', 'secret')
    await app.engine.syncNow()
    expect(app.session.session).toMatchObject({ pinDue: false, locked: false })
    await app.record.recordVisit(visitForm())
    expect(await onDisk(li.id, 'outbox')).toMatchObject([{ name: 'visit.record' }])
  })

  it('comes by itself to an app that was there before', async () => {
    around.server.key = null
    await (await start()).session.signIn('li', 'secret')
    around.server.key = KEY
    const app = await start()
    expect(app.session.session.pinDue).toBe(false)
    await app.engine.syncNow()
    expect(app.session.session.pinDue).toBe(true)
  })
})

describe('a start', () => {
  it('without a network is opened by the PIN, and everything is there', async () => {
    await sealedPhone(around)
    around.offline = true
    const app = await start()
    expect(app.session.session).toMatchObject({ me: { name: '李建国' }, locked: true })
    expect(app.session.portsNow()).toBeNull()
    const { openByPin } = await unlocking()
    expect(await openByPin('000000')).toEqual({ wrong: true, waitMs: 0 })
    expect(app.session.session.locked).toBe(true)
    expect(await openByPin(PIN)).toMatchObject({ key: KEY })
    expect(app.session.session).toMatchObject({ locked: false, pinDue: false })
    const titles = (await app.session.portsNow()!.db.matters.toArray()).map(({ title }) => title)
    expect(titles.sort()).toEqual(['桥面塌了半边', '水渠堵了'])
    around.offline = false
    await app.engine.syncNow()
    expect(around.server.applied.length).toBe(1)
  })

  it('with one is opened by the server, without a PIN', async () => {
    await sealedPhone(around, null)
    const app = await start()
    expect(app.session.session.locked).toBe(true)
    const { openByPin, openByServer } = await unlocking()
    expect(await openByPin(PIN)).toEqual({ spent: true })
    const stop = openByServer(() => undefined)
    await expect.poll(() => app.session.session.locked).toBe(false)
    stop()
  })

  it('with an expired session says so, and the PIN still opens', async () => {
    await sealedPhone(around)
    around.server.me = null
    const app = await start()
    const { openByPin, openByServer } = await unlocking()
    const told = vi.fn()
    const stop = openByServer(told)
    await expect.poll(() => told.mock.calls).toEqual([['needs_password']])
    stop()
    await openByPin(PIN)
    expect(app.session.session.locked).toBe(false)
    await app.session.signInAgain('secret')
    await app.engine.syncNow()
    expect(around.server.applied.length).toBe(1)
  })

  it('lets the service worker send with the server’s key', async () => {
    const app = await sealedPhone(around)
    await app.background.runInServiceWorker()
    expect(around.server.applied.length).toBe(1)
  })

  it('does not open with another key, and loses nothing by it', async () => {
    await sealedPhone(around)
    around.server.key = KEY.map((byte) => byte ^ 1)
    const app = await start()
    const { openByPin, openByServer } = await unlocking()
    const told = vi.fn()
    const stop = openByServer(told)
    await expect.poll(() => told.mock.calls).toEqual([['other_key']])
    stop()
    expect(app.session.session.locked).toBe(true)
    await openByPin(PIN)
    expect(await app.session.portsNow()!.db.outbox.toArray()).toMatchObject([{ name: 'visit.record' }])
  })
})

describe('wrong PINs', () => {
  it('slow down from the fourth on, and after ten nothing but the server opens', async () => {
    await sealedPhone(around)
    await start()
    const { tryPin, waitOf } = await import('../../src/store/keyring')
    const { keyRow } = await import('../../src/store/registry')
    let now = Date.now()
    const waits: number[] = []
    for (let tried = 0; tried < 9; tried++) {
      const answer = await tryPin(li.id, '111222', now)
      if (!('wrong' in answer)) throw new Error('spent too early')
      waits.push(answer.waitMs / 1000)
      if (answer.waitMs > 0) expect(await tryPin(li.id, PIN, now + answer.waitMs - 1000)).toEqual({ wrong: true, waitMs: 1000 })
      now += answer.waitMs
    }
    expect(waits).toEqual([0, 0, 0, 30, 60, 120, 240, 480, 960])
    // A clock that is set back makes the wait no longer.
    expect(waitOf({ wrong: 4, blocked_until: now + 1e9 }, now)).toBe(30_000)
    expect(await tryPin(li.id, '111222', now)).toEqual({ spent: true })
    expect(await tryPin(li.id, PIN, now + 1e9)).toEqual({ spent: true })
    expect((await keyRow(li.id))?.pin).toBeNull()
    expect(await onDisk(li.id, 'outbox')).toMatchObject([{ status: 'waiting' }])
  })

  it('are forgotten by a right one, and counted before they are tried', async () => {
    await sealedPhone(around)
    const { tryPin } = await import('../../src/store/keyring')
    const { keyRow } = await import('../../src/store/registry')
    vi.spyOn(crypto.subtle, 'deriveBits').mockRejectedValueOnce(new Error('battery out'))
    await expect(tryPin(li.id, PIN)).rejects.toThrow('battery out')
    expect((await keyRow(li.id))?.wrong).toBe(1)
    await tryPin(li.id, PIN)
    expect((await keyRow(li.id))?.wrong).toBe(0)
  })

  it('that anybody would try first are not taken', async () => {
    const { pinProblem } = await import('../../src/store/keyring')
    for (const pin of ['000000', '123456', '654321', '890123', '121212', '520520', '12345', '1234567', '12345a', '']) {
      expect([pin, pinProblem(pin)]).toEqual([pin, expect.any(String)])
    }
    expect(pinProblem(PIN)).toBeUndefined()
  })
})

describe('signing out of a sealed phone', () => {
  it('keeps what was not sent sealed, for the same person’s next sign-in', async () => {
    const app = await sealedPhone(around)
    await app.session.signOut()
    expect((await app.registry.keyRow(li.id))?.pin).toBeNull()
    await app.session.signIn('wang', 'secret')
    expect(JSON.stringify(await onDisk(li.id, 'outbox'))).not.toMatch(/[一-鿿]/)
    await app.session.signOut()
    await app.session.signIn('li', 'secret')
    expect(app.session.session.pinDue).toBe(true)
    await app.engine.syncNow()
    expect(around.server.applied.length).toBe(1)
    expect(wang.id).not.toBe(li.id)
  })

  it('is possible while it is locked', async () => {
    await sealedPhone(around)
    const app = await start()
    expect(await (await import('../../src/store/leaving')).countUnsent(li.id)).toBe(1) // SignOut.vue asks then.
    await app.session.signOut()
    expect(app.session.session).toMatchObject({ me: null, locked: false })
    expect([(await onDisk(li.id, 'matters')).length, (await onDisk(li.id, 'outbox')).length]).toEqual([0, 1])
  })

  it('and in again needs the key: without it nobody is signed in, and nothing is lost', async () => {
    const app = await sealedPhone(around)
    await app.session.signOut()
    around.server.key = null
    await expect(app.session.signIn('li', 'secret')).rejects.toMatchObject({ code: 'not_found' })
    expect(app.session.session.me).toBeNull()
    around.server.key = KEY
    await app.session.signIn('li', 'secret')
    expect((await app.session.portsNow()!.db.outbox.toArray()).length).toBe(1)
  })
})

describe('another tab', () => {
  it('that has the key goes on sealed; one that has none is locked', async () => {
    around.server.key = null
    const without = await start()
    await without.session.signIn('li', 'secret')
    around.server.key = KEY
    const app = await sealedPhone(around)
    await expect.poll(() => without.session.session.locked).toBe(true)
    expect(without.session.portsNow()).toBeNull()
    expect(app.session.session.locked).toBe(false)
  })
})
