import { describe, expect, it } from 'vitest'

import type { RecordVisit } from '../../src/domain/records'
import { dependentsOf } from '../../src/store/dependents'
import { actFormOf, visitFormOf } from '../../src/store/forms'
import { addAct, addAgain, addVisit, dropRefused } from '../../src/store/outbox'
import { push } from '../../src/sync/push'
import { serverMatter, VILLAGE } from './fakeServer'
import { matterForm, NOW, readyPhone, visitForm, type Phone } from './phone'

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

async function refuse(phone: Phone, code = 'village_not_allowed') {
  const [entry] = await phone.waiting()
  await phone.db.outbox.update(entry!.seq!, { status: 'refused', error: { code, message: '不行。', field: null } })
  return entry!
}

describe('recording a visit', () => {
  it('shows it and its matters at once, as waiting', async () => {
    const phone = await readyPhone()
    const id = await addVisit(phone, visitForm([matterForm(), matterForm({ title: '路灯不亮', outcome: 'resolved', resolvedText: '换好了' })]))
    expect(await phone.db.visits.get(id)).toMatchObject({ village_name: '双牌村', kind: 'onsite', pending: true, note: null, backfill: false })
    const matters = await phone.db.matters.orderBy('id').toArray()
    expect(matters.map(({ title, state, on_the_spot, pending }) => ({ title, state, on_the_spot, pending }))).toEqual([
      { title: '水渠堵了', state: 'raised', on_the_spot: false, pending: true },
      { title: '路灯不亮', state: 'resolved', on_the_spot: true, pending: true },
    ])
    expect(matters[0]).toMatchObject({ unit_name: '双牌镇人民政府', due_day: '2027-01-23', relations: ['author', 'cadre'] })
    expect(matters[1]!.events.map(({ act, text }) => [act, text])).toEqual([['raise', null], ['resolve', '换好了']])
  })

  it('makes exactly the arguments of the contract', async () => {
    const phone = await readyPhone()
    await addVisit(
      phone,
      visitForm(
        [matterForm({ title: ' 水渠\u202e堵了\t三处\r\n ', residentName: '王\n奶奶', residentPhone: '１３８', outcome: 'resolved', resolvedText: '通了' }), matterForm({ title: '修路' })],
        { note: ' ' },
      ),
    )
    const [entry] = await phone.waiting()
    const args = entry!.args as unknown as RecordVisit
    expect(entry).toMatchObject({ name: 'visit.record', status: 'waiting' })
    expect(entry!.id).toMatch(UUID7)
    expect(args).toEqual({
      id: expect.stringMatching(UUID7),
      kind: 'onsite',
      village_code: VILLAGE,
      happened_at: expect.any(String),
      note: null,
      matters: [
        {
          id: expect.stringMatching(UUID7),
          title: '水渠堵了 三处',
          category: 'water',
          raised_event_id: expect.stringMatching(UUID7),
          resident: { name: '王 奶奶', phone: '138' },
          resolved: { event_id: expect.stringMatching(UUID7), text: '通了' },
        },
        { id: expect.stringMatching(UUID7), title: '修路', category: 'water', raised_event_id: expect.stringMatching(UUID7) },
      ],
    })
    expect(Date.parse(args.happened_at)).toBe(NOW)
  })

  it('leaves out a matter in which nothing was typed, and keeps a visit without any', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm({ title: ' ', category: '', outcome: null })]))
    expect((await phone.waiting())[0]!.args).toMatchObject({ matters: [] })
    expect(await phone.db.visits.count()).toBe(1)
  })

  it('shows what happened days ago as 补录', async () => {
    const phone = await readyPhone()
    const id = await addVisit(phone, visitForm([], { happenedAt: '2026-11-20T08:00' }))
    expect(await phone.db.visits.get(id)).toMatchObject({ backfill: true })
  })

  it('is all or nothing: when the outbox cannot be written, no row appears and the draft stays', async () => {
    const phone = await readyPhone()
    await phone.db.drafts.put({ key: 'visit', value: { note: '半句' } })
    phone.db.outbox.hook('creating', () => {
      throw new Error('disk full')
    })
    await expect(addVisit(phone, visitForm([matterForm()]), 'visit')).rejects.toThrow()
    expect([await phone.db.visits.count(), await phone.db.matters.count(), await phone.db.drafts.count()]).toEqual([0, 0, 1])
  })

  it('is all or nothing: when a row cannot be written, nothing waits to be sent', async () => {
    const phone = await readyPhone()
    phone.db.matters.hook('creating', () => {
      throw new Error('disk full')
    })
    await expect(addVisit(phone, visitForm([matterForm()]))).rejects.toThrow()
    expect([await phone.db.visits.count(), await phone.db.outbox.count()]).toEqual([0, 0])
  })

  it('survives a kill right after it was said to be saved, and its draft does not come back', async () => {
    const phone = await readyPhone()
    await phone.db.drafts.put({ key: 'visit', value: {} })
    await addVisit(phone, visitForm([matterForm()]), 'visit')
    const again = phone.restarted()
    expect([await again.db.visits.count(), await again.db.matters.count(), (await again.waiting()).length, await again.db.drafts.count()]).toEqual([1, 1, 1, 0])
  })

  it('asks the browser for strict durability', async () => {
    const phone = await readyPhone()
    expect((phone.db as unknown as { _options: object })._options).toMatchObject({ chromeTransactionDurability: 'strict' })
  })

  it('records a form once, however often it is tapped', async () => {
    const phone = await readyPhone()
    const matter = { id: phone.newId(), raisedEventId: phone.newId() }
    const form = visitForm([matterForm(matter)], { id: phone.newId() })
    await Promise.all([addVisit(phone, form), addVisit(phone, form)])
    expect((await phone.waiting()).length).toBe(1)
    expect(await phone.db.matters.count()).toBe(1)
  })
})

describe('acting on a matter', () => {
  it('changes its state and history at once and keeps what the server had', async () => {
    const phone = await readyPhone()
    const base = serverMatter('m1')
    await phone.db.matters.put({ ...base, pending: false, refused: false, mine: 1, open: 1 })
    await addAct(phone, { matterId: 'm1', act: 'resolve', text: '通了' })
    const row = await phone.db.matters.get('m1')
    expect(row).toMatchObject({ state: 'resolved', pending: true, open: 0, on_the_spot: false, base })
    expect(row!.closed_at).not.toBeNull()
    expect(row!.events[1]).toMatchObject({ act: 'resolve', text: '通了', from_state: 'raised', to_state: 'resolved', pending: true })
  })

  it('keeps as a note what the state no longer allows', async () => {
    const phone = await readyPhone()
    await phone.db.matters.put({ ...serverMatter('m1', { state: 'merged' }), pending: false, refused: false, mine: 1, open: 0 })
    await addAct(phone, { matterId: 'm1', act: 'progress', text: '去看了' })
    const row = await phone.db.matters.get('m1')
    expect(row).toMatchObject({ state: 'merged', pending: true })
    expect(row!.events[1]).toMatchObject({ refused_because: 'state_forbids', to_state: 'merged' })
  })

  it('names the unit and the day when it is assigned', async () => {
    const phone = await readyPhone()
    await phone.db.matters.put({ ...serverMatter('m1', { relations: ['coordinator'] }), pending: false, refused: false, mine: 1, open: 1 })
    await addAct(phone, { matterId: 'm1', act: 'assign', unitId: 'unit-bureau', dueDay: '2026-12-01' })
    expect(await phone.db.matters.get('m1')).toMatchObject({ state: 'assigned', unit_name: '武冈市水利局', due_day: '2026-12-01' })
    expect((await phone.waiting())[0]!.args).toEqual({
      event_id: expect.stringMatching(UUID7),
      matter_id: 'm1',
      act: 'assign',
      happened_at: expect.any(String),
      unit_id: 'unit-bureau',
      due_day: '2026-12-01',
    })
  })

  it('gives what is returned back to the township, as far as the phone knows its unit', async () => {
    const phone = await readyPhone()
    const assigned = { state: 'assigned', unit_id: 'unit-school', unit_name: '双牌镇中心小学', relations: ['handler'] } as const
    const row = { pending: false, refused: false, mine: 1, open: 1 } as const
    await phone.db.matters.put({ ...serverMatter('m1', { ...assigned, relations: ['handler'] }), ...row })
    await addAct(phone, { matterId: 'm1', act: 'return', text: '不归学校' })
    expect(await phone.db.matters.get('m1')).toMatchObject({ state: 'returned', unit_id: 'unit-home', unit_name: '双牌镇人民政府' })
    expect((await phone.db.matters.get('m1'))!.events[1]).toMatchObject({ act: 'return', unit_name: '双牌镇人民政府' })
    expect((await phone.waiting())[0]!.args).not.toHaveProperty('unit_id')

    await phone.db.units.delete('unit-home')
    await phone.db.matters.put({ ...serverMatter('m2', { ...assigned, relations: ['handler'] }), ...row })
    await addAct(phone, { matterId: 'm2', act: 'return', text: '不归学校' })
    expect(await phone.db.matters.get('m2')).toMatchObject({ state: 'returned', unit_id: 'unit-school', unit_name: '双牌镇中心小学' })
    expect((await phone.db.matters.get('m2'))!.events[1]).toMatchObject({ act: 'return', unit_name: null })
  })

  it('keeps both what was wrong and what is right in a correction', async () => {
    const phone = await readyPhone()
    await phone.db.matters.put({ ...serverMatter('m1', { detail: '村口' }), pending: false, refused: false, mine: 1, open: 1 })
    await addAct(phone, { matterId: 'm1', act: 'correct', changes: { title: '水渠塌了', detail: ' ', resident_phone: '138' } })
    const row = await phone.db.matters.get('m1')
    expect(row).toMatchObject({ title: '水渠塌了', detail: null, resident: { name: null, phone: '138' }, state: 'raised' })
    expect(row!.events[1]!.changes).toEqual([
      { field: 'title', before: '水渠堵了', after: '水渠塌了' },
      { field: 'detail', before: '村口', after: null },
      { field: 'resident_phone', before: null, after: '138' },
    ])
    expect((await phone.waiting())[0]).toMatchObject({ name: 'matter.correct', args: { changes: { title: '水渠塌了', detail: null, resident_phone: '138' } } })
  })

  it('builds one act upon another while offline, also on a matter that the server has not seen', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm()]))
    const id = (await phone.db.matters.toCollection().primaryKeys())[0]!
    await addAct(phone, { matterId: id, act: 'progress', text: '找人了' })
    await addAct(phone, { matterId: id, act: 'resolve', text: '通了' })
    const row = await phone.db.matters.get(id)
    expect(row!.events.map(({ act, to_state }) => [act, to_state])).toEqual([['raise', 'raised'], ['progress', 'working'], ['resolve', 'resolved']])
    expect(row!.base).toBeNull()
  })
})

describe('需处理', () => {
  it('turns a refused visit back into its form, word for word', async () => {
    const phone = await readyPhone()
    const form = visitForm([matterForm({ detail: '村口', residentName: '王奶奶', residentPhone: '138', outcome: 'resolved', resolvedText: '通了' })], { note: '雨后' })
    await addVisit(phone, form)
    const back = visitFormOf(await refuse(phone))!
    expect(back).toMatchObject({ ...form, happenedAt: expect.any(String), matters: [{ ...form.matters[0], id: expect.any(String) }] })
  })

  it('sends a corrected visit under a new mutation id with the same record ids, in its old place', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm({ outcome: 'resolved', resolvedText: '通了' })]))
    const old = await refuse(phone)
    await addVisit(phone, visitForm())
    const form = visitFormOf(old)!
    await addAgain(phone, old.id, { ...form, note: '改过' })
    const [first, second] = await phone.waiting()
    expect([first!.seq, second!.seq]).toEqual([old.seq, old.seq! + 1])
    expect(first!.id).not.toBe(old.id)
    expect(first!.args).toEqual({ ...old.args, note: '改过' })
    expect(await phone.refused()).toEqual([])
    expect(await phone.db.visits.get(form.id!)).toMatchObject({ note: '改过', pending: true })
  })

  it('sends it once, however often it is tapped', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm()]))
    const old = await refuse(phone)
    const form = visitFormOf(old)!
    await Promise.all([addAgain(phone, old.id, form), addAgain(phone, old.id, form)])
    expect((await phone.waiting()).length).toBe(1)
  })

  it('takes along the acts that were refused only because their matter was', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm()]))
    const old = await refuse(phone)
    const [matterId] = old.records.slice(1)
    await addAct(phone, { matterId: matterId!, act: 'resolve', text: '通了' })
    const act = await refuse(phone, 'matter_not_found')
    await addAgain(phone, old.id, visitFormOf(old)!)
    const [visit, after] = await phone.waiting()
    expect([visit!.name, after!.name]).toEqual(['visit.record', 'matter.act'])
    expect(after!.id).not.toBe(act.id)
    expect(await phone.db.matters.get(matterId!)).toMatchObject({ state: 'resolved', pending: true })
  })

  it('sends a visit whose ids are taken under new ones, with the acts on its matters', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm({ title: '修路' }), matterForm({ outcome: 'resolved', resolvedText: '通了' })]))
    const taken = (await phone.waiting())[0]!
    const matterId = taken.records[2]!
    await addAct(phone, { matterId, act: 'progress', text: '又去看了' })
    phone.server.judge = ({ id, name }) => {
      if (id === taken.id) return { code: 'id_taken', message: '编号已被占用。', field: null }
      return name === 'matter.act' && phone.server.applied.length === 0 ? { code: 'matter_not_found', message: '没有。', field: null } : null
    }
    await push(phone)
    const form = visitFormOf((await phone.refused())[0]!)!
    // The first card was taken out meanwhile: which matter is which must not shift.
    await addAgain(phone, taken.id, { ...form, matters: form.matters.slice(1) })
    const [visit, act] = await phone.waiting()
    const { id, matters } = visit!.args as unknown as RecordVisit
    const old = taken.args as unknown as RecordVisit
    const idsOf = (args: RecordVisit) => [args.id, ...args.matters.flatMap((each) => [each.id, each.raised_event_id, each.resolved?.event_id])]
    expect(idsOf({ ...old, id, matters } as RecordVisit).filter((each) => idsOf(old).includes(each))).toEqual([])
    expect(act!.args.matter_id).toBe(matters[0]!.id)
    expect(await phone.db.matters.toArray()).toMatchObject([{ id: matters[0]!.id, title: '水渠堵了', pending: true }])
    await push(phone)
    expect([await phone.db.outbox.count(), phone.server.applied.length]).toEqual([0, 2])
  })

  it('sends an act whose id is taken under a new one', async () => {
    const phone = await readyPhone()
    await phone.db.matters.put({ ...serverMatter('m1'), pending: false, refused: false, mine: 1, open: 1 })
    const taken = await addAct(phone, { matterId: 'm1', act: 'progress', text: '去看了' })
    const old = await refuse(phone, 'id_taken')
    await addAgain(phone, old.id, actFormOf(old)!)
    expect((await phone.waiting())[0]!.args.event_id).not.toBe(taken)
  })

  it('turns a refused act and a refused correction back into their forms', async () => {
    const phone = await readyPhone()
    await phone.db.matters.put({ ...serverMatter('m1'), pending: false, refused: false, mine: 1, open: 1 })
    await addAct(phone, { matterId: 'm1', act: 'resolve', text: '通了', happenedAt: '2026-11-24T08:00' })
    await addAct(phone, { matterId: 'm1', act: 'correct', changes: { title: '新' }, text: '写错了' })
    const [act, correction] = await phone.waiting()
    expect(actFormOf(act!)).toMatchObject({ matterId: 'm1', act: 'resolve', text: '通了' })
    expect(actFormOf(correction!)).toMatchObject({ matterId: 'm1', act: 'correct', text: '写错了', changes: { title: '新' } })
    expect([visitFormOf(act!), actFormOf({ ...act!, name: 'visit.record' })]).toEqual([null, null])
  })

  it('lets go of a refused visit with the acts on its matters, and of every draft about them', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm()]))
    const visit = (await phone.waiting())[0]!
    const [matterId] = visit.records.slice(1)
    await addAct(phone, { matterId: matterId!, act: 'progress', text: '看过' })
    await phone.db.matters.put({ ...serverMatter('m1'), pending: false, refused: false, mine: 1, open: 1 })
    await addAct(phone, { matterId: 'm1', act: 'progress', text: '别的事' })
    phone.server.judge = ({ name }) => ({ code: name === 'visit.record' ? 'village_not_allowed' : 'matter_not_found', message: '不行。', field: null })
    await push(phone)
    const [, act, other] = await phone.refused()
    expect(dependentsOf(visit, await phone.refused()).map(({ id }) => id)).toEqual([act!.id])
    const keys = [`refused:${visit.id}`, `refused:${act!.id}`, `act:${matterId}:resolve`, `refused:${other!.id}`, 'act:m1:resolve', 'visit']
    await phone.db.drafts.bulkPut(keys.map((key) => ({ key, value: { residentName: '张三' } })))
    expect(await dropRefused(phone, visit.id)).toBe(2)
    expect((await phone.refused()).map(({ id }) => id)).toEqual([other!.id])
    expect((await phone.db.drafts.toCollection().primaryKeys()).sort()).toEqual(['act:m1:resolve', `refused:${other!.id}`, 'visit'])
  })

  it('lets go of a refused entry, and only of a refused one', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm()]))
    const [entry] = await phone.waiting()
    await dropRefused(phone, entry!.id)
    expect((await phone.waiting()).length).toBe(1)
    await refuse(phone)
    await dropRefused(phone, entry!.id)
    expect([await phone.db.outbox.count(), await phone.db.matters.count(), await phone.db.visits.count()]).toEqual([0, 0, 0])
  })
})
