import { describe, expect, it, vi } from 'vitest'

import { addAct, addVisit } from '../../src/store/outbox'
import { push } from '../../src/sync/push'
import { synchronise } from '../../src/sync/synchronise'
import { li } from './fakeServer'
import { matterForm, readyPhone, visitForm } from './phone'

const NO = { code: 'village_not_allowed', message: '这个村（社区）不在您的乡镇，请重新选择。', field: 'village_code' }
const pushes = (requests: { path: string }[]) => requests.filter(({ path }) => path === '/api/sync/push').length

describe('sending', () => {
  it('empties the outbox on the receipt and leaves the record on the screen, no longer waiting', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm()]))
    await push(phone)
    expect(await phone.db.outbox.count()).toBe(0)
    expect(await phone.db.matters.toArray()).toMatchObject([{ title: '水渠堵了', pending: false }])
    expect(await phone.db.visits.toArray()).toMatchObject([{ pending: false }])
    expect((await phone.db.matters.toArray())[0]).not.toHaveProperty('base')
  })

  it('sends in the order of recording, at most 100 at a time', async () => {
    const phone = await readyPhone()
    for (let n = 0; n < 103; n++) await addVisit(phone, visitForm([], { note: String(n) }))
    await push(phone)
    expect(phone.server.applied.map(({ args }) => Number(args.note))).toEqual(Array.from({ length: 103 }, (_, n) => n))
    expect(pushes(phone.server.requests)).toBe(2)
  })

  it('moves what is refused under 需处理 with the reason, without touching its neighbours', async () => {
    const phone = await readyPhone()
    phone.server.judge = (mutation) => (mutation.args.note === '坏' ? NO : null)
    await addVisit(phone, visitForm([matterForm()], { note: '好' }))
    await addVisit(phone, visitForm([matterForm({ title: '修路' })], { note: '坏' }))
    await push(phone)
    expect(await phone.refused()).toMatchObject([{ status: 'refused', error: NO, args: { note: '坏' } }])
    expect(await phone.waiting()).toEqual([])
    expect((await phone.db.matters.toArray()).map(({ title }) => title)).toEqual(['水渠堵了'])
  })

  it('undoes a refused act on the screen and marks its matter', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm()]))
    await push(phone)
    const id = (await phone.db.matters.toCollection().primaryKeys())[0]!
    phone.server.judge = () => ({ ...NO, code: 'not_allowed' })
    await addAct(phone, { matterId: id, act: 'resolve', text: '通了' })
    expect(await phone.db.matters.get(id)).toMatchObject({ state: 'resolved', pending: true, refused: false })
    await push(phone)
    expect(await phone.db.matters.get(id)).toMatchObject({ state: 'raised', pending: false, refused: true })
  })

  it('sends what it holds although there is no room left to note anything', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm()]))
    vi.spyOn(phone.db.meta, 'put').mockRejectedValue({ name: 'AbortError', inner: { name: 'QuotaExceededError' } })
    await expect(synchronise(phone)).rejects.toBeDefined()
    expect(phone.server.applied.length).toBe(1)
  })

  it('counts once at the server when the answer is lost and it sends again', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm()]))
    phone.server.failures = ['lost_response']
    await expect(push(phone)).rejects.toMatchObject({ code: 'offline' })
    expect((await phone.waiting()).length).toBe(1)
    await push(phone)
    expect(phone.server.applied.length).toBe(1)
    expect(await phone.db.outbox.count()).toBe(0)
  })

  it('loses nothing and doubles nothing when the phone is killed between the server and the receipt', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm()]))
    await phone.server.fetch('/api/session', { method: 'GET', headers: {} })
    phone.server.failures = ['lost_response']
    await push(phone).catch(() => undefined)
    const again = phone.restarted()
    expect((await again.waiting()).length).toBe(1)
    await synchronise(again)
    expect(again.server.applied.length).toBe(1)
    expect(await again.db.matters.count()).toBe(1)
    expect(await again.db.outbox.count()).toBe(0)
  })

  it('keeps the receipt and the rows together: a kill while they are written repeats both', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm()]))
    const failing = () => {
      throw new Error('killed')
    }
    phone.db.outbox.hook('deleting', failing)
    await expect(push(phone)).rejects.toThrow()
    phone.db.outbox.hook('deleting').unsubscribe(failing)
    expect((await phone.waiting()).length).toBe(1)
    expect(await phone.db.matters.toArray()).toMatchObject([{ pending: true }])
    await push(phone)
    expect(await phone.db.matters.toArray()).toMatchObject([{ pending: false }])
    expect(phone.server.applied.length).toBe(1)
  })

  for (const [name, failure] of [
    ['the network is gone', 'offline'],
    ['a hotel Wi-Fi answers instead', 'html'],
    ['the server is out of order', { status: 502 }],
    ['the database is busy', { status: 503, body: { code: 'busy', message: '服务器正忙', field: null } }],
    ['the receipts are missing', { status: 200, body: { receipts: [] } }],
    ['the receipts are nonsense', { status: 200, body: { receipts: null } }],
    ['it is asked too often', { status: 429, body: { code: 'too_many_requests', message: '请稍等', field: null } }],
    ['the device is not accepted', { status: 422, body: { code: 'id_invalid', message: '编号有误', field: 'device_id' } }],
  ] as const) {
    it(`keeps everything waiting when ${name}, with one sentence`, async () => {
      const phone = await readyPhone()
      await addVisit(phone, visitForm([matterForm()]))
      phone.server.failures = [failure as never]
      const error = await push(phone).catch((reason: unknown) => reason)
      expect((error as Error).message).toMatch(/[\u4e00-\u9fff]/)
      expect([(await phone.waiting()).length, (await phone.refused()).length]).toEqual([1, 0])
    })
  }

  it('sends smaller parcels when one is too large', async () => {
    const phone = await readyPhone()
    for (let n = 0; n < 5; n++) await addVisit(phone, visitForm([], { note: String(n) }))
    phone.server.envelope = (mutations) => (mutations.length > 2 ? { status: 413, body: '<html>' } : null)
    await push(phone)
    expect(phone.server.applied.length).toBe(5)
    expect(await phone.db.outbox.count()).toBe(0)
  })

  it('tells who wrote too much in one record to shorten it', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm())
    phone.server.envelope = () => ({ status: 413, body: '<html>' })
    await push(phone)
    expect((await phone.refused())[0]!.error).toEqual({ code: 'mutation_too_large', message: '这一条文字太多，请删短后重发。', field: 'args' })
  })

  it('puts the one mutation that no envelope can hold under 需处理, and sends the rest', async () => {
    const phone = await readyPhone()
    for (let n = 0; n < 5; n++) await addVisit(phone, visitForm([], { note: String(n) }))
    phone.server.envelope = (mutations) =>
      mutations.some(({ args }) => args.note === '3')
        ? { status: 422, body: { code: 'invalid', message: '有一项填写不对，请检查后再试。', field: 'mutations.0.args.note' } }
        : null
    await push(phone)
    expect(phone.server.applied.map(({ args }) => args.note)).toEqual(['0', '1', '2', '4'])
    expect(await phone.refused()).toMatchObject([{ args: { note: '3' }, error: { code: 'invalid', field: 'note' } }])
  })

  it('renews the page token by itself, once', async () => {
    const phone = await readyPhone()
    await phone.api.openSession()
    phone.server.csrf = 'token-2'
    await addVisit(phone, visitForm())
    await push(phone)
    expect(await phone.db.outbox.count()).toBe(0)
  })

  it('never sends one person’s records under another person’s session', async () => {
    const phone = await readyPhone()
    await phone.api.openSession()
    await addVisit(phone, visitForm())
    phone.server.me = { ...li, id: '01990000-0000-7000-8000-00000000000b', name: '王芳' }
    phone.server.csrf = 'token-of-wang'
    await expect(push(phone)).rejects.toMatchObject({ status: 401, needsPassword: true })
    expect(phone.server.applied).toEqual([])
    expect((await phone.waiting()).length).toBe(1)
  })

  it('asks for the password when the session has expired, and keeps everything', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm()]))
    phone.server.me = null
    await expect(synchronise(phone)).rejects.toMatchObject({ status: 401, needsPassword: true })
    await addVisit(phone, visitForm([matterForm()]))
    expect((await phone.waiting()).length).toBe(2)
    phone.server.me = li
    await synchronise(phone)
    expect(phone.server.applied.length).toBe(2)
  })

  it('signs in at the first try after the session ended together with its page token', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm())
    await phone.api.openSession()
    Object.assign(phone.server, { me: null, signsIn: li, csrf: 'token-2' })
    await expect(push(phone)).rejects.toMatchObject({ status: 401, needsPassword: true })
    await phone.api.signIn('li', 'secret')
    await push(phone)
    expect(await phone.db.outbox.count()).toBe(0)
  })

  it('measures how far the phone’s clock is off', async () => {
    const phone = await readyPhone()
    phone.server.time = phone.clock.now() + 3600_000
    await synchronise(phone)
    expect(phone.clock.offsetMs).toBe(3600_000)
    await addVisit(phone, visitForm())
    expect(Date.parse((await phone.waiting())[0]!.args.happened_at as string)).toBe(phone.clock.now() + 3600_000)
  })
})
