import { describe, expect, it } from 'vitest'

import type { RecordVisit } from '../../src/domain/records'

import { addAct, addVisit } from '../../src/store/outbox'
import { serverMatter, VILLAGE } from './fakeServer'
import { matterForm, NOW, readyPhone, visitForm } from './phone'

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

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
    expect(matters[0]).toMatchObject({ unit_name: '双牌镇人民政府', due_day: '2027-01-23', relations: ['author', 'cadre', 'township'] })
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
          resolved: { event_id: expect.stringMatching(UUID7), text: '通了', rating_code: expect.stringMatching(/^[\w-]{22}$/) },
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

  it('names no unit when a return came too late: nothing moved', async () => {
    const phone = await readyPhone()
    const late = serverMatter('m1', { state: 'resolved', relations: ['handler'] })
    await phone.db.matters.put({ ...late, pending: false, refused: false, mine: 1, open: 0 })
    await addAct(phone, { matterId: 'm1', act: 'return', text: '不归我们' })
    const row = await phone.db.matters.get('m1')
    expect(row).toMatchObject({ state: 'resolved', unit_id: late.unit_id })
    expect(row!.events[1]).toMatchObject({ act: 'return', unit_name: null, refused_because: 'state_forbids' })
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
