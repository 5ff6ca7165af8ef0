import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { effectScope } from 'vue'

import { currentStore } from '../../src/store/current'
import { useDraft } from '../../src/store/drafts'
import { asAnother, newAct, newVisit, recordVisit, actOnMatter, resend, visitFormOf, type VisitForm } from '../../src/store/record'
import { push } from '../../src/sync/push'
import { VILLAGE } from './fakeServer'
import { matterForm, readyPhone, type Phone } from './phone'

let phone: Phone

beforeEach(async () => {
  phone = await readyPhone()
  currentStore.value = phone
})
afterEach(() => (currentStore.value = null))

/** What a tab shows: the form that lies in the draft, or a new one. */
async function openTab() {
  const draft = effectScope().run(() => useDraft<VisitForm>('visit', newVisit))!
  await draft.loaded
  return draft
}

function fill(form: VisitForm) {
  Object.assign(form, { kind: 'onsite', villageCode: VILLAGE })
  Object.assign(form.matters[0]!, matterForm({ outcome: 'resolved', resolvedText: '通了' }))
}

/** One visit, typed in one tab and restored in a second. */
async function inTwoTabs() {
  const first = await openTab()
  fill(first.value)
  await expect.poll(async () => JSON.stringify((await phone.db.drafts.get('visit'))?.value)).toContain('通了')
  return [first, await openTab()] as const
}

describe('one form in two tabs', () => {
  it('is one record, also on the server', async () => {
    const [first, second] = await inTwoTabs()
    expect(await recordVisit(first.value, 'visit')).toBe(await recordVisit(second.value, 'visit'))
    expect((await phone.waiting()).length).toBe(1)
    expect(await phone.db.matters.count()).toBe(1)
  })

  it('is not said to be saved when the second says something else, and can then be saved as another', async () => {
    const [first, second] = await inTwoTabs()
    await recordVisit(first.value, 'visit')
    second.value.note = '又去了一次'
    await phone.db.drafts.put({ key: 'visit', value: second.value.note })
    await expect(recordVisit(second.value, 'visit')).rejects.toThrow(/已经保存过了.*再点一次“保存”/)
    expect(await phone.db.drafts.count()).toBe(1)
    asAnother(second.value)
    await recordVisit(second.value, 'visit')
    expect((await phone.waiting()).map(({ args }) => args.note)).toEqual([null, '又去了一次'])
    expect(await phone.db.matters.count()).toBe(2)
  })

  it('is not recorded again after the first was sent', async () => {
    const [first, second] = await inTwoTabs()
    await recordVisit(first.value, 'visit')
    await push(phone)
    await expect(recordVisit(second.value, 'visit')).rejects.toThrow('已经保存过了')
    expect(await phone.waiting()).toEqual([])
  })

  it('takes the place of the first when that was refused', async () => {
    const [first, second] = await inTwoTabs()
    await recordVisit(first.value, 'visit')
    phone.server.judge = () => ({ code: 'village_not_allowed', message: '不行。', field: null })
    await push(phone)
    await recordVisit(second.value, 'visit')
    expect([(await phone.waiting()).length, (await phone.refused()).length]).toEqual([1, 0])
  })

  it('is another record once it was cleared', async () => {
    const form = await openTab()
    const { id } = form.value
    await form.clear()
    expect(form.value.id).toMatch(/^[0-9a-f-]{36}$/)
    expect(form.value.id).not.toBe(id)
  })
})

describe('an act', () => {
  it('is one entry of the history, however often its form is saved', async () => {
    const [visit] = await inTwoTabs()
    await recordVisit(visit.value)
    const act = { ...newAct(visit.value.matters[0]!.id!, 'progress'), text: '去看了' }
    expect(await actOnMatter(act)).toBe(await actOnMatter(act))
    await expect(actOnMatter({ ...act, text: '又去看了' })).rejects.toThrow('已经保存过了')
    await push(phone)
    await expect(actOnMatter(act)).rejects.toThrow('已经保存过了')
    expect(phone.server.applied.map(({ name }) => name)).toEqual(['visit.record', 'matter.act'])
  })
})

describe('a refused entry that another tab has dealt with', () => {
  it('is not said to be sent, and what was typed here stays', async () => {
    const visit = newVisit()
    fill(visit)
    await recordVisit(visit)
    phone.server.judge = () => ({ code: 'village_not_allowed', message: '不行。', field: null })
    await push(phone)
    const [refused] = await phone.refused()
    await resend(refused!.id, { ...visitFormOf(refused!)!, note: '甲的改法' })
    const draft = { key: `refused:${refused!.id}`, value: { note: '乙的改法' } }
    await phone.db.drafts.put(draft)
    await expect(resend(refused!.id, { ...visitFormOf(refused!)!, note: '乙的改法' }, draft.key)).rejects.toThrow('已在别处处理过')
    expect(await phone.db.drafts.get(draft.key)).toEqual(draft)
    expect((await phone.waiting()).map(({ args }) => args.note)).toEqual(['甲的改法'])
  })
})
