import { describe, expect, it } from 'vitest'

import type { RecordVisit } from '../../src/domain/records'
import { dependentsOf } from '../../src/store/dependents'
import { actFormOf, renewIds, visitFormOf } from '../../src/store/forms'
import { addAct, addAgain, addVisit, dropRefused } from '../../src/store/outbox'
import { push } from '../../src/sync/push'
import { serverMatter } from './fakeServer'
import { matterForm, NOW, readyPhone, visitForm, type Phone } from './phone'

async function refuse(phone: Phone, code = 'village_not_allowed') {
  const [entry] = await phone.waiting()
  await phone.db.outbox.update(entry!.seq!, { status: 'refused', error: { code, message: '不行。', field: null } })
  return entry!
}

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

  it('still says when it was recorded: sent again a day later it is no 补录', async () => {
    const phone = await readyPhone()
    const id = await addVisit(phone, visitForm([matterForm()]))
    const old = await refuse(phone)
    phone.clock.now = () => NOW + 26 * 3600 * 1000
    await addAgain(phone, old.id, visitFormOf(old)!)
    expect((await phone.waiting())[0]!.made_at).toBe(old.made_at)
    expect(await phone.db.visits.get(id)).toMatchObject({ backfill: false })
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

  it('makes no second record of what the server has by another way', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm()]))
    const old = await refuse(phone, 'id_taken')
    const [visitId] = old.records
    const { village_code, kind, happened_at } = old.args as unknown as RecordVisit
    const visit = { id: visitId!, village_code, village_name: '双牌村', kind, note: null, happened_at, backfill: false }
    await phone.db.visits.put({ ...visit, pending: false, refused: false })
    const form = visitFormOf(old)!
    await expect(addAgain(phone, old.id, form)).rejects.toThrow('已经保存过了')
    expect([(await phone.waiting()).length, (await phone.refused()).length]).toEqual([0, 1])
    renewIds(phone.newId, form) // 保存 was tapped once more: it is another one.
    await addAgain(phone, old.id, form)
    expect((await phone.waiting())[0]!.args.id).not.toBe(visitId)
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
