import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

import { dayOf } from '../../src/domain/days'
import type { Calendar, Rule } from '../../src/domain/records'
import { dueDayBy, ruleFor, unitBy } from '../../src/domain/responsibilities'
import { isWorkingDay } from '../../src/domain/workdays'
import { writeFact } from '../../src/store/meta'
import { addAct, addAgain, addVisit } from '../../src/store/outbox'
import { push } from '../../src/sync/push'
import { synchronise } from '../../src/sync/synchronise'
import { matterForm, NOW, readyPhone, visitForm, type Phone } from './phone'

interface Cases {
  calendar: Calendar
  rules: Rule[]
  cases: { at: string; category: string; on_the_spot: boolean; rule: string | null; unit: string | null; due_day: string }[]
}

const file = fileURLToPath(new URL('../../../tests/contract/responsibility_cases.json', import.meta.url))
const { calendar, rules, cases } = JSON.parse(readFileSync(file, 'utf8')) as Cases

describe('the responsibility list', () => {
  it('is read on the phone as on the server, in every case', () => {
    expect(cases.length).toBeGreaterThan(200)
    const here = cases.map((asked) => {
      const rule = ruleFor(rules, asked.category, asked.at)
      return { ...asked, rule: rule?.id ?? null, unit: unitBy(rule, asked.on_the_spot), due_day: dueDayBy(rule, asked.at, calendar) }
    })
    expect(here).toEqual(cases)
  })

  it('knows a working Sunday and a Thursday off', () => {
    expect([isWorkingDay('2025-09-28', calendar), isWorkingDay('2025-10-02', calendar)]).toEqual([true, false])
    expect(['2031-10-02', '2031-10-04'].map((day) => isWorkingDay(day, calendar))).toEqual([true, false])
  })
})

const BUREAU: Rule = {
  id: 'rule-water',
  county_code: '430581000000',
  category: 'water',
  level: 'county',
  unit_id: 'unit-bureau',
  days_allowed: 5,
  township_may_settle: false,
  valid_from: '2026-11-01T00:00:00.000000+00:00',
  valid_until: null,
}

async function phoneWith(...known: Rule[]): Promise<Phone> {
  const phone = await readyPhone()
  await writeFact(phone.db, 'responsibilities', { rules: known, calendar: { days_off: ['2026-11-26'], working_days: ['2026-11-28'] } })
  return phone
}

describe('a matter that is raised offline', () => {
  it('begins with the unit of the list and its day, counted in working days', async () => {
    const phone = await phoneWith(BUREAU)
    await addVisit(phone, visitForm([matterForm()]))
    const [matter] = await phone.db.matters.toArray()
    // Raised on a Tuesday: Wednesday, Friday, the make-up Saturday, Monday, Tuesday.
    const given = { unit_name: '武冈市水利局', due_day: '2026-12-01' }
    expect(matter).toMatchObject({ ...given, state: 'assigned', unit_id: 'unit-bureau', responsibility_id: 'rule-water' })
    expect(matter!.relations).toEqual(['author', 'cadre'])
    expect(matter!.events[0]).toMatchObject({ act: 'raise', to_state: 'assigned', ...given })
  })

  it('is its township’s where the township may settle it, and until the day of the list', async () => {
    const phone = await phoneWith(BUREAU, { ...BUREAU, id: 'rule-town', level: 'township', unit_id: null, days_allowed: 1, township_may_settle: true })
    await addVisit(phone, visitForm([matterForm()]))
    const [matter] = await phone.db.matters.toArray()
    expect(matter).toMatchObject({ state: 'raised', unit_id: 'unit-home', due_day: '2026-11-25', responsibility_id: 'rule-town' })
    expect(matter!.relations).toEqual(['author', 'cadre', 'township'])
  })

  it('was the township’s deed when it was resolved on the spot, and keeps its rule', async () => {
    const phone = await phoneWith(BUREAU)
    await addVisit(phone, visitForm([matterForm({ outcome: 'resolved', resolvedText: '通了' })]))
    const [matter] = await phone.db.matters.toArray()
    expect(matter).toMatchObject({ state: 'resolved', unit_id: 'unit-home', responsibility_id: 'rule-water' })
    expect(matter!.events.map((event) => [event.from_state, event.to_state])).toEqual([[null, 'raised'], ['raised', 'resolved']])
  })

  it('is by the rule that held when it happened, not by the newest', async () => {
    const before = { ...BUREAU, id: 'rule-old', days_allowed: 9, valid_until: BUREAU.valid_from, valid_from: '2026-01-01T00:00:00+00:00' }
    const phone = await phoneWith(before, BUREAU)
    await addVisit(phone, visitForm([matterForm()], { happenedAt: '2026-10-31T12:00' }))
    expect((await phone.db.matters.toArray())[0]).toMatchObject({ responsibility_id: 'rule-old' })
  })

  it('keeps what the phone knew then, whatever it learns before it is sent', async () => {
    const phone = await phoneWith(BUREAU)
    await addVisit(phone, visitForm([matterForm()]))
    const [matter] = await phone.db.matters.toArray()
    await writeFact(phone.db, 'responsibilities', { rules: [], calendar: { days_off: [], working_days: [] } })
    await addAct(phone, { matterId: matter!.id, act: 'progress', text: '去看了' })
    expect(await phone.db.matters.get(matter!.id)).toMatchObject({ unit_id: 'unit-bureau', due_day: '2026-12-01', state: 'working' })
  })

  it('is asked of the list again when it is sent again, corrected', async () => {
    const phone = await phoneWith(BUREAU)
    phone.server.judge = () => ({ code: 'time_in_future', message: '', field: null })
    const matter = matterForm({ id: phone.newId(), raisedEventId: phone.newId() })
    const id = await addVisit(phone, visitForm([matter]))
    await push(phone)
    const [refused] = await phone.refused()
    await addAgain(phone, refused!.id, visitForm([{ ...matter, category: 'road' }], { id }))
    expect(await phone.db.matters.get(matter.id!)).toMatchObject({ state: 'raised', unit_id: 'unit-home', responsibility_id: null })
  })

  it('has sixty days where the list says nothing, and where the phone has none', async () => {
    for (const phone of [await phoneWith({ ...BUREAU, county_code: '430503000000' }), await readyPhone()]) {
      await addVisit(phone, visitForm([matterForm()]))
      const [matter] = await phone.db.matters.toArray()
      expect(matter).toMatchObject({ state: 'raised', unit_id: 'unit-home', due_day: '2027-01-23', responsibility_id: null })
      expect(dayOf(NOW)).toBe('2026-11-24')
    }
  })
})

describe('fetching the list', () => {
  it('asks for it even if an older version of the app left the mark of an answer whose rules it did not keep', async () => {
    const phone = await readyPhone()
    await writeFact(phone.db, 'reference_etag', '"kept"')
    await synchronise(phone)
    expect(await phone.db.meta.get('responsibilities')).toMatchObject({ value: { rules: [] } })
  })
})
