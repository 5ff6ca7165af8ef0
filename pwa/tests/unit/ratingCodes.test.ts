import { afterEach, describe, expect, it } from 'vitest'

import type { ActOnMatter, MatterEvent, RecordVisit } from '../../src/domain/records'
import { limits } from '../../src/domain/words'
import { currentStore } from '../../src/store/current'
import { inviteResident } from '../../src/store/record'
import { addAct, addAgain, addVisit, dropRefused } from '../../src/store/outbox'
import { awaitsRating, codeFor, newCode, type RatingCode } from '../../src/store/ratingCodes'
import { putServerRecords } from '../../src/store/rebuild'
import { push } from '../../src/sync/push'
import { serverMatter } from './fakeServer'
import { matterForm, readyPhone, visitForm } from './phone'

const CODE = /^[A-Za-z0-9_-]{22}$/

describe('a rating code', () => {
  it('is 128 random bits that fit into an address', () => {
    const made = new Set(Array.from({ length: 1000 }, newCode))
    expect(made.size).toBe(1000)
    for (const code of made) expect(code).toMatch(CODE)
    expect(new Set(Array.from(made).map((code) => code[0])).size).toBeGreaterThan(40)
  })

  it('is made with what is resolved on the spot, without a network, and kept to be shown', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm(), matterForm({ outcome: 'resolved', resolvedText: '通了' })]))
    const { matters } = (await phone.waiting())[0]!.args as unknown as RecordVisit
    expect(matters[0]!.resolved).toBeUndefined()
    const { event_id, rating_code } = matters[1]!.resolved!
    expect(rating_code).toMatch(CODE)
    expect(await phone.db.ratingCodes.toArray()).toEqual([
      { id: event_id, matter_id: matters[1]!.id, code: rating_code, made_at: expect.any(String) },
    ])
  })

  for (const act of ['resolve', 'explain'] as const) {
    it(`is made with ${act}`, async () => {
      const phone = await readyPhone()
      await putServerRecords(phone.db, [serverMatter('m1')], [])
      await addAct(phone, { matterId: 'm1', act, text: '办好了' })
      const { event_id, rating_code } = (await phone.waiting())[0]!.args as unknown as ActOnMatter
      expect((await phone.db.ratingCodes.get(event_id))!.code).toBe(rating_code)
    })
  }

  it('is made with nothing else', async () => {
    const phone = await readyPhone()
    await putServerRecords(phone.db, [serverMatter('m1')], [])
    for (const act of ['progress', 'unachieve'] as const) await addAct(phone, { matterId: 'm1', act, text: '去看了' })
    expect((await phone.waiting()).map(({ args }) => 'rating_code' in args)).toEqual([false, false])
    expect(await phone.db.ratingCodes.count()).toBe(0)
  })

  it('stays the same when a refused settlement is sent again: the resident may have scanned it', async () => {
    const phone = await readyPhone()
    phone.server.judge = () => ({ code: 'time_in_future', message: '时间比现在还晚', field: 'happened_at' })
    await addVisit(phone, visitForm([matterForm({ outcome: 'resolved', resolvedText: '通了', id: phone.newId(), resolveEventId: phone.newId() })]))
    const [before] = await phone.db.ratingCodes.toArray()
    await push(phone)
    const [refused] = await phone.refused()
    const { matters } = refused!.args as unknown as RecordVisit
    await addAgain(
      phone,
      refused!.id,
      visitForm([matterForm({ outcome: 'resolved', resolvedText: '真通了', id: matters[0]!.id, resolveEventId: matters[0]!.resolved!.event_id })]),
    )
    expect(await phone.db.ratingCodes.toArray()).toEqual([before])
    expect(((await phone.waiting())[0]!.args as unknown as RecordVisit).matters[0]!.resolved!.rating_code).toBe(before!.code)
  })

  it('goes with a settlement that is dropped', async () => {
    const phone = await readyPhone()
    phone.server.judge = () => ({ code: 'time_in_future', message: '时间比现在还晚', field: 'happened_at' })
    await addVisit(phone, visitForm([matterForm({ outcome: 'resolved', resolvedText: '通了' })]))
    await push(phone)
    await dropRefused(phone, (await phone.refused())[0]!.id)
    expect(await phone.db.ratingCodes.count()).toBe(0)
  })

  it('does not make a form that is saved twice two records', async () => {
    const phone = await readyPhone()
    await putServerRecords(phone.db, [serverMatter('m1')], [])
    const form = { eventId: phone.newId(), matterId: 'm1', act: 'resolve' as const, text: '办好了' }
    await addAct(phone, form)
    await addAct(phone, form)
    expect((await phone.waiting()).length).toBe(1)
    expect(await phone.db.ratingCodes.count()).toBe(1)
  })
})

describe('asking the resident', () => {
  afterEach(() => (currentStore.value = null))

  it('takes the code that was made with the settlement, and makes one for what another phone settled, once', async () => {
    const phone = await readyPhone()
    currentStore.value = phone
    const events = [...serverMatter('theirs').events, { ...serverMatter('theirs').events[0]!, id: 'settled', act: 'resolve' as const }]
    await putServerRecords(phone.db, [serverMatter('mine'), serverMatter('theirs', { state: 'resolved', events })], [])
    await addAct(phone, { matterId: 'mine', act: 'resolve', text: '办好了' })
    await inviteResident('mine')
    expect((await phone.waiting()).map(({ args }) => args.act)).toEqual(['resolve'])
    await inviteResident('theirs')
    await inviteResident('theirs')
    expect((await phone.waiting()).map(({ args }) => args.act)).toEqual(['resolve', 'invite'])
  })
})

describe('whether a resident is still to be asked', () => {
  const event = (act: MatterEvent['act'], more: Partial<MatterEvent> = {}) => ({ ...serverMatter('m1').events[0]!, id: act, act, ...more })
  const code = (id: string): RatingCode => ({ id, matter_id: 'm1', code: `code-${id}`, made_at: '' })

  it('he is about what was resolved or explained, until he has said his word', () => {
    expect(awaitsRating([event('raise')])).toBe(false)
    expect(awaitsRating([event('raise'), event('unachieve')])).toBe(false)
    expect(awaitsRating([event('raise'), event('explain')])).toBe(true)
    expect(awaitsRating([event('raise'), event('resolve'), event('confirm', { rating: 'satisfied' })])).toBe(false)
  })

  it('he is not while it is open again, and is anew once it was resolved again', () => {
    const unsatisfied = [event('raise'), event('resolve'), event('reopen', { rating: 'unsatisfied' })]
    expect(awaitsRating(unsatisfied)).toBe(false)
    expect(awaitsRating([event('resolve'), event('reopen')])).toBe(false)
    expect(awaitsRating([...unsatisfied, event('resolve', { id: 'again' })])).toBe(true)
  })

  it('he is shown the newest code of the settlement that stands', () => {
    const codes = ['resolve', 'invite', 'again', 'late'].map(code)
    expect(codeFor([event('raise'), event('resolve')], codes)).toBe('code-resolve')
    expect(codeFor([event('raise'), event('resolve'), event('invite')], codes)).toBe('code-invite')
    expect(codeFor([event('resolve'), event('reopen'), event('resolve', { id: 'again' })], codes)).toBe('code-again')
    expect(codeFor([event('resolve'), event('resolve', { id: 'late', refused_because: 'state_forbids' })], codes)).toBe('code-resolve')
    expect(codeFor([event('raise'), event('explain')], codes)).toBeUndefined()
  })
  it('he is shown no code that has ended: it counts from when the server heard of it', () => {
    const asked = (received_at: string) => [event('raise'), event('resolve', { received_at })]
    const made = { ...code('resolve'), made_at: '2026-01-01T08:00:00+08:00' }
    const now = Date.parse('2026-11-25T08:00:00+08:00')
    const daysAgo = (days: number) => new Date(now - days * 24 * 3600 * 1000).toISOString()
    expect(codeFor(asked(daysAgo(limits.rating_link_days - 1)), [made], now)).toBe('code-resolve')
    expect(codeFor(asked(daysAgo(limits.rating_link_days + 1)), [made], now)).toBeUndefined()
  })
})
