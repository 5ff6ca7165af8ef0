import { describe, expect, it } from 'vitest'

import { allowedActs } from '../../src/domain/lifecycle'
import type { Matter } from '../../src/domain/records'
import { addAct } from '../../src/store/outbox'
import { putServerRecords, rebuild } from '../../src/store/rebuild'
import { addDays, dueDayByLaw, lastExtension } from '../../src/domain/days'
import { dueDays, needsReason } from '../../src/domain/dueDays'
import { dueDayError } from '../../src/views/matters/dueDayError'
import { inReach, questionOf } from '../../src/views/matters/actWords'
import { serverMatter } from './fakeServer'
import { readyPhone } from './phone'

const BUREAU = { unit_id: 'unit-bureau', unit_name: '武冈市水利局' } as const
const SCHOOL = { unit_id: 'unit-school', unit_name: '双牌镇中心小学' } as const
const HOME = { unit_id: 'unit-home', unit_name: '双牌镇人民政府' } as const

async function phoneWith(more: Partial<Matter>) {
  const phone = await readyPhone()
  await putServerRecords(phone.db, [serverMatter('m1', more)], [])
  const now = async () => (await phone.db.matters.get('m1'))!
  return { phone, now }
}

describe('what is beyond a township', () => {
  it('goes up at once: it waits for the coordinator, and is the township’s until it is assigned', async () => {
    const { phone, now } = await phoneWith({ ...SCHOOL, state: 'working', relations: ['cadre', 'township'] })
    await addAct(phone, { matterId: 'm1', act: 'escalate', text: '要改县道' })
    expect(await now()).toMatchObject({ ...HOME, state: 'returned', beyond_power_day: '2026-11-24', relations: ['cadre', 'township'] })
    expect((await now()).events[1]).toMatchObject({ act: 'escalate', text: '要改县道', unit_name: HOME.unit_name })
    expect((await phone.waiting())[0]!.args).not.toHaveProperty('unit_id')
  })

  it('was so from the first time on', async () => {
    const { phone, now } = await phoneWith({ ...HOME, beyond_power_day: '2026-11-01', relations: ['author', 'township'] })
    await addAct(phone, { matterId: 'm1', act: 'escalate', text: '还是办不了' })
    expect((await now()).beyond_power_day).toBe('2026-11-01')
  })

  it('is no longer offered once a bureau has it, and again when it came back', async () => {
    const { phone, now } = await phoneWith({ ...HOME, relations: ['coordinator', 'handler', 'township'] })
    const offered = async () => allowedActs((await now()).state, (await now()).relations).map(({ act }) => act)
    expect(await offered()).toContain('escalate')
    await addAct(phone, { matterId: 'm1', act: 'assign', unitId: 'unit-bureau' })
    expect(await offered()).not.toContain('escalate')
    await addAct(phone, { matterId: 'm1', act: 'return', reason: 'not_ours', text: '不归本局' })
    expect(await offered()).toContain('escalate')
  })
})

describe('a return', () => {
  it('is sent and shown with its reason', async () => {
    const { phone, now } = await phoneWith({ ...BUREAU, state: 'assigned', relations: ['handler'] })
    await addAct(phone, { matterId: 'm1', act: 'return', reason: 'needs_information', text: '没写是哪一段' })
    expect((await phone.waiting())[0]!.args).toMatchObject({ reason: 'needs_information', text: '没写是哪一段' })
    expect((await now()).events[1]).toMatchObject({ reason: 'needs_information' })
  })

  it('says that it is beyond the township only where one of its own units says so', async () => {
    for (const [unit, day] of [[BUREAU, null], [SCHOOL, '2026-11-24']] as const) {
      const { phone, now } = await phoneWith({ ...unit, state: 'assigned', relations: ['handler'] })
      await addAct(phone, { matterId: 'm1', act: 'return', reason: 'beyond_power', text: '没有这个权' })
      expect((await now()).beyond_power_day).toBe(day)
    }
  })
})

describe('an extension', () => {
  const RAISED = { raised_at: '2026-10-01T09:00:00+08:00', received_at: '2026-10-01T01:00:05+00:00', due_day: '2026-11-20' }

  it('moves the day and nothing else', async () => {
    const { phone, now } = await phoneWith({ ...BUREAU, ...RAISED, state: 'assigned', relations: ['coordinator'] })
    await addAct(phone, { matterId: 'm1', act: 'extend', dueDay: '2026-12-10', text: '等水泥' })
    expect(await now()).toMatchObject({ ...BUREAU, state: 'assigned', due_day: '2026-12-10' })
  })

  it('is later than what stands and than yesterday, and ends thirty days after the day by law', () => {
    const last = addDays(dueDayByLaw(RAISED.raised_at), 30)
    expect(lastExtension(RAISED.raised_at)).toBe(last)
    expect(dueDays('extend', serverMatter('m1', RAISED), '2026-11-01')).toEqual({ first: '2026-11-21', last, stands: '2026-11-20' })
    expect(dueDays('extend', serverMatter('m1', RAISED), '2026-12-01').first).toBe('2026-12-01')
  })

  it('says what is wrong with a day, and when there is none left', () => {
    const days = { first: '2026-11-21', last: '2026-12-30', stands: '2026-11-20' }
    expect(dueDayError('2026-11-21', days, true)).toBeUndefined()
    expect(dueDayError('2026-12-30', days, true)).toBeUndefined()
    expect(dueDayError(undefined, days, true)).toBe('请选延到哪一天。')
    expect(dueDayError('2026-11-20', days, true)).toContain('最早是')
    expect(dueDayError('2026-12-31', days, true)).toContain('最晚是')
    expect(dueDayError('2026-12-30', { ...days, first: '2026-12-31' }, true)).toContain('不能再延。请重新交办')
    expect(dueDayError(undefined, days, false)).toBeUndefined()
  })

  it('by assigning goes no further than the law', () => {
    expect(dueDays('assign', serverMatter('m1', RAISED), '2026-11-01')).toMatchObject({ first: '2026-11-01', last: dueDayByLaw(RAISED.raised_at) })
  })
})

describe('what is under the thumb', () => {
  it('is asking the resident, once it is settled', () => {
    expect(inReach({ state: 'resolved', relations: ['author', 'cadre'], events: [] })[0]!.act).toBe('invite')
    expect(inReach({ state: 'resolved', relations: ['leader'], events: [] }).map(({ act }) => act)).not.toContain('invite')
  })
})

describe('what a resident said', () => {
  it('is not made unsaid: a matter with an answer is neither withdrawn nor merged', () => {
    const asked = serverMatter('m1', { state: 'reopened', relations: ['author', 'coordinator'] })
    const offered = (events: Matter['events']) => inReach({ ...asked, events }).map(({ act }) => act)
    expect(offered(asked.events)).toEqual(expect.arrayContaining(['withdraw', 'merge']))
    const said = { ...asked.events[0]!, act: 'reopen', rating: 'unsatisfied' } as Matter['events'][number]
    expect(offered([...asked.events, said])).not.toEqual(expect.arrayContaining(['withdraw']))
    expect(offered([...asked.events, said])).not.toEqual(expect.arrayContaining(['merge']))
    // What is kept as a note of the history counts all the same: for the settlement that was rated.
    expect(offered([...asked.events, { ...said, refused_because: 'state_forbids' }])).not.toContain('withdraw')
  })

  it('keeps as a note what was done before the phone heard of it, as the server does', async () => {
    const said = { ...serverMatter('m1').events[0]!, id: 'said', act: 'reopen', rating: 'unsatisfied' } as Matter['events'][number]
    const { phone, now } = await phoneWith({ state: 'resolved', relations: ['author'] })
    await addAct(phone, { matterId: 'm1', act: 'withdraw', text: '记错了' })
    expect((await now()).state).toBe('withdrawn')
    const { events } = serverMatter('m1')
    await putServerRecords(phone.db, [serverMatter('m1', { state: 'reopened', relations: ['author'], events: [...events, said] })], [])
    await rebuild(phone.db, ['m1'])
    expect(await now()).toMatchObject({ state: 'reopened' })
    expect((await now()).events[2]).toMatchObject({ act: 'withdraw', refused_because: 'resident_answered', to_state: 'reopened' })
  })
})

describe('a later day', () => {
  it('needs its reason when it is set by assigning, too', () => {
    expect(needsReason('assign', '2026-12-02', '2026-12-01')).toBe(true)
    expect(needsReason('assign', '2026-12-01', '2026-12-01')).toBe(false)
    expect(needsReason('assign', undefined, '2026-12-01')).toBe(false)
  })

  it('is asked for in words of its own', () => {
    expect(questionOf('assign', false).label).toContain('可不填')
    expect(questionOf('assign', true).label).toBe('为什么把期限往后延？')
  })
})
