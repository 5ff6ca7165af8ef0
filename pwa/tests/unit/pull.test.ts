import { describe, expect, it } from 'vitest'

import { addAct, addVisit } from '../../src/store/outbox'
import { readCursors, readFact } from '../../src/store/meta'
import { pull } from '../../src/sync/pull'
import { push } from '../../src/sync/push'
import { synchronise } from '../../src/sync/synchronise'
import { AREA, OTHER_VILLAGE, serverMatter, VILLAGE } from './fakeServer'
import { matterForm, readyPhone, visitForm } from './phone'

const UNIT = 'unit:unit-bureau'
const visit = { id: 'v1', kind: 'onsite' as const, village_code: VILLAGE, village_name: '双牌村', note: null, happened_at: '2026-11-20T01:00:00+00:00', backfill: false }

/** From which version each page of AREA was asked for. */
function pagesAskedFor({ server }: Awaited<ReturnType<typeof readyPhone>>): number[] {
  const pulls = server.requests.filter(({ path }) => path === '/api/sync/pull').map(({ body }) => body as { cursors: { version: number }[] })
  return pulls.map(({ cursors }) => cursors[0]?.version ?? 0)
}

describe('fetching', () => {
  it('goes on page by page until the server has no more, and says how many have come', async () => {
    const phone = await readyPhone()
    phone.server.pageSize = 10
    for (let n = 0; n < 25; n++) phone.server.put(AREA, serverMatter(`m${n}`))
    const counts: number[] = []
    await pull(phone, (count) => counts.push(count))
    expect(await phone.db.matters.count()).toBe(25)
    expect(counts).toEqual([10, 20, 25])
    expect(await readCursors(phone.db)).toEqual([{ scope: AREA, version: 25 }])
  })

  it('has the next page on its way while it writes one down', async () => {
    const phone = await readyPhone()
    phone.server.pageSize = 10
    for (let n = 0; n < 25; n++) phone.server.put(AREA, serverMatter(`m${n}`))
    const askedBefore: number[] = []
    phone.db.matters.hook('creating', () => void askedBefore.push(pagesAskedFor(phone).length))
    await pull(phone)
    expect([0, 10, 20].map((first) => askedBefore[first])).toEqual([2, 3, 3])
    expect(pagesAskedFor(phone)).toEqual([0, 10, 20])
  })

  it('drops the page that is on its way when another tab has fetched it meanwhile', async () => {
    const phone = await readyPhone()
    phone.server.pageSize = 10
    for (let n = 0; n < 25; n++) phone.server.put(AREA, serverMatter(`m${n}`))
    await pull(phone, (count) => {
      if (count === 10) void phone.db.meta.put({ key: `cursor:${AREA}`, value: 15 })
    })
    expect(await readCursors(phone.db)).toEqual([{ scope: AREA, version: 25 }])
    expect(pagesAskedFor(phone)).toEqual([0, 10, 20, 15])
  })

  it('lets go of kept answers when he may read other things: they may name residents', async () => {
    const phone = await readyPhone()
    await pull(phone)
    await phone.db.answers.put({ path: '/api/handed-in', body: { entries: [{ resident: '龙桂香' }] }, at: '2026-11-24T01:00:00Z' })
    phone.server.put(AREA, serverMatter('m1'))
    await pull(phone)
    expect(await phone.db.answers.count()).toBe(1)
    phone.server.accessVersion = 2
    await pull(phone)
    expect(await phone.db.answers.count()).toBe(0)
  })

  it('asks for no page twice while it begins anew with other scopes', async () => {
    const phone = await readyPhone()
    phone.server.scopes[UNIT] = []
    phone.server.put(AREA, serverMatter('old'))
    await pull(phone)
    delete phone.server.scopes[UNIT]
    Object.assign(phone.server, { accessVersion: 2, pageSize: 10 })
    for (let n = 0; n < 24; n++) phone.server.put(AREA, serverMatter(`m${n}`))
    await pull(phone)
    expect(pagesAskedFor(phone)).toEqual([0, 1, 10, 20])
    expect(await readCursors(phone.db)).toEqual([{ scope: AREA, version: 25 }])
  })

  it('asks only for what is new afterwards', async () => {
    const phone = await readyPhone()
    phone.server.put(AREA, serverMatter('m1'))
    await pull(phone)
    phone.server.put(AREA, serverMatter('m1', { state: 'working' }))
    await pull(phone)
    expect(await phone.db.matters.toArray()).toMatchObject([{ id: 'm1', state: 'working', pending: false }])
    expect(phone.server.requests[phone.server.requests.length - 1]!.body).toMatchObject({ access_version: 1, cursors: [{ scope: AREA, version: 1 }] })
  })

  it('writes nothing when nothing is new, however often it looks and whatever waits or was refused', async () => {
    const phone = await readyPhone()
    phone.server.put(AREA, serverMatter('m1'))
    await addVisit(phone, visitForm([matterForm()]))
    await pull(phone)
    const writes: string[] = []
    for (const table of phone.db.tables) {
      table.hook('creating', () => void writes.push(table.name))
      table.hook('updating', () => void writes.push(table.name))
      table.hook('deleting', () => void writes.push(table.name))
    }
    await pull(phone)
    expect(writes).toEqual([])
    phone.server.put(AREA, serverMatter('m2'))
    await pull(phone)
    expect(writes).toContain('matters')
  })

  it('writes a page and its cursor together: a kill in between fetches the page again', async () => {
    const phone = await readyPhone()
    phone.server.put(AREA, serverMatter('m1'))
    const failing = () => {
      throw new Error('killed')
    }
    phone.db.meta.hook('creating', failing)
    await expect(pull(phone)).rejects.toThrow()
    phone.db.meta.hook('creating').unsubscribe(failing)
    expect([await phone.db.matters.count(), await readCursors(phone.db)]).toEqual([0, []])
    await pull(phone)
    expect(await phone.db.matters.count()).toBe(1)
  })

  it('continues after a cut where it was', async () => {
    const phone = await readyPhone()
    phone.server.pageSize = 2
    for (let n = 0; n < 4; n++) phone.server.put(AREA, serverMatter(`m${n}`))
    phone.server.failures = [null, 'lost_response']
    await expect(pull(phone)).rejects.toMatchObject({ code: 'offline' })
    expect(await phone.db.matters.count()).toBe(2)
    await pull(phone)
    expect(await phone.db.matters.count()).toBe(4)
  })

  it('takes away what left the scope', async () => {
    const phone = await readyPhone()
    phone.server.put(AREA, serverMatter('m1'))
    phone.server.putVisit(AREA, visit)
    await pull(phone)
    phone.server.remove(AREA, 'matter', 'm1')
    phone.server.remove(AREA, 'visit', 'v1')
    await pull(phone)
    expect([await phone.db.matters.count(), await phone.db.visits.count()]).toEqual([0, 0])
  })

  it('replaces everything when what the person may see has changed, and keeps what waits', async () => {
    const phone = await readyPhone()
    phone.server.put(AREA, serverMatter('old'))
    await pull(phone)
    await addVisit(phone, visitForm([matterForm({ title: '新记的' })]))
    phone.server.accessVersion = 2
    phone.server.scopes = { [AREA]: [] }
    phone.server.put(AREA, serverMatter('m2'))
    await pull(phone)
    const titles = (await phone.db.matters.toArray()).map(({ id, title, pending }) => [id === 'm2', title, pending])
    expect(titles).toEqual(expect.arrayContaining([[true, '水渠堵了', false], [false, '新记的', true]]))
    expect(titles.length).toBe(2)
    expect(await readFact(phone.db, 'access_version')).toBe(2)
  })

  it('removes a lost scope’s records, but not those that another scope still shows', async () => {
    const phone = await readyPhone()
    phone.server.put(AREA, serverMatter('here'))
    phone.server.scopes[UNIT] = []
    phone.server.put(UNIT, serverMatter('there', { village_code: OTHER_VILLAGE, unit_id: 'unit-bureau' }))
    phone.server.put(UNIT, serverMatter('both', { unit_id: 'unit-bureau' }))
    phone.server.put(AREA, serverMatter('both', { unit_id: 'unit-bureau' }))
    await pull(phone)
    expect(await phone.db.matters.count()).toBe(3)
    delete phone.server.scopes[UNIT]
    await pull(phone)
    expect((await phone.db.matters.toArray()).map(({ id }) => id).sort()).toEqual(['both', 'here'])
    expect(await readCursors(phone.db)).toEqual([{ scope: AREA, version: 2 }])
  })

  it('stops with a sentence rather than asking for ever when the server makes no progress', async () => {
    const phone = await readyPhone()
    const stuck = { scope: AREA, version: 0, more: true, visits: [], matters: [], removed: [] }
    const body = { server_time: '', access_version: 1, reset: false, scopes: [stuck], lost_scopes: [] }
    phone.server.failures = [{ status: 200, body }]
    await expect(pull(phone)).rejects.toMatchObject({ code: 'unfinished' })
  })
})

describe('what waits lies on top of what is fetched', () => {
  it('keeps a waiting act on the server’s newer version', async () => {
    const phone = await readyPhone()
    phone.server.put(AREA, serverMatter('m1'))
    await pull(phone)
    await addAct(phone, { matterId: 'm1', act: 'progress', text: '去看了' })
    phone.server.put(AREA, serverMatter('m1', { title: '水渠塌了', unit_name: '水利局' }))
    await pull(phone)
    const row = await phone.db.matters.get('m1')
    expect(row).toMatchObject({ title: '水渠塌了', unit_name: '水利局', state: 'working', pending: true, base: { state: 'raised' } })
    expect(row!.events.map(({ act }) => act)).toEqual(['raise', 'progress'])
  })

  it('shows a waiting act as a note when the server has closed the matter meanwhile', async () => {
    const phone = await readyPhone()
    phone.server.put(AREA, serverMatter('m1'))
    await pull(phone)
    await addAct(phone, { matterId: 'm1', act: 'progress', text: '去看了' })
    phone.server.put(AREA, serverMatter('m1', { state: 'resolved' }))
    await pull(phone)
    const row = await phone.db.matters.get('m1')
    expect(row!.state).toBe('resolved')
    expect(row!.events[1]).toMatchObject({ act: 'progress', refused_because: 'state_forbids' })
  })

  it('does not show an event twice when the server has it and the receipt is still missing', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm()]))
    phone.server.failures = ['lost_response']
    await push(phone).catch(() => undefined)
    await pull(phone)
    expect(await phone.db.matters.toArray()).toMatchObject([{ pending: true, events: [{ act: 'raise' }] }])
    expect((await phone.db.matters.toArray())[0]!.events.length).toBe(1)
    await synchronise(phone)
    expect(await phone.db.matters.toArray()).toMatchObject([{ pending: false }])
  })

  it('keeps a waiting act in the outbox when its matter is taken away, without inventing the matter', async () => {
    const phone = await readyPhone()
    phone.server.put(AREA, serverMatter('m1'))
    await pull(phone)
    await addAct(phone, { matterId: 'm1', act: 'progress', text: '去看了' })
    phone.server.remove(AREA, 'matter', 'm1')
    await pull(phone)
    expect(await phone.db.matters.count()).toBe(0)
    expect((await phone.waiting()).length).toBe(1)
  })

  it('keeps a matter recorded here on the screen when the server takes its version away', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm()]))
    const id = (await phone.db.matters.toCollection().primaryKeys())[0]!
    phone.server.remove(AREA, 'matter', id)
    await pull(phone)
    expect(await phone.db.matters.get(id)).toMatchObject({ pending: true, base: null })
  })

  it('shows what the receipt confirmed until the server’s own version comes', async () => {
    const phone = await readyPhone()
    phone.server.put(AREA, serverMatter('m1'))
    await pull(phone)
    await addAct(phone, { matterId: 'm1', act: 'progress', text: '去看了' })
    await addAct(phone, { matterId: 'm1', act: 'resolve', text: '通了' })
    phone.server.judge = ({ args }) => (args.act === 'resolve' ? { code: 'invalid', message: '不行。', field: null } : null)
    await push(phone)
    expect(await phone.db.matters.get('m1')).toMatchObject({ state: 'working', pending: false, refused: true })
    phone.server.put(AREA, serverMatter('m1', { state: 'assigned' }))
    await pull(phone)
    expect(await phone.db.matters.get('m1')).toMatchObject({ state: 'assigned', pending: false, refused: true })
  })

  it('sends what was recorded while it was fetching in the same exchange', async () => {
    const phone = await readyPhone()
    let once = false
    await synchronise(phone, {
      fetching: () => {
        if (once) return
        once = true
        void addVisit(phone, visitForm())
      },
    })
    expect(phone.server.applied.length).toBe(1)
  })
})
