import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reactive } from 'vue'

import { currentStore } from '../../src/store/current'
import { newMatter, newVisit, type VisitForm } from '../../src/store/record'
import { noteStart } from '../../src/views/forms/startedAt'
import { useRemoving } from '../../src/views/visits/removing'
import { isTouched, visitErrors } from '../../src/views/visits/visitErrors'
import { VILLAGE } from './fakeServer'
import { matterForm, newPhone } from './phone'

beforeEach(() => (currentStore.value = newPhone()))
afterEach(() => (currentStore.value = null))

describe('a visit that is being typed', () => {
  it('is kept when only its village was chosen, not when that was filled in by itself', () => {
    expect(isTouched({ ...newVisit(), villageCode: VILLAGE })).toBe(true)
    expect(isTouched({ ...newVisit(), villageCode: VILLAGE, villageGuessed: true })).toBe(false)
  })

  it('tells whoever touched 待办 by mistake how to take the card out', () => {
    const form = { ...newVisit(), kind: 'onsite', villageCode: VILLAGE } as VisitForm
    form.matters[0]!.outcome = 'open'
    expect(visitErrors(form)['matters.0.title']).toContain('点右上角的叉删去')
    form.matters[0]!.category = 'water'
    expect(visitErrors(form)['matters.0.title']).toBe('请写一句是什么事。')
  })
})

describe('a card that is taken out', () => {
  function twoMatters() {
    const form = reactive(newVisit())
    form.matters = [matterForm({ id: 'a', title: '甲' }), matterForm({ id: 'b', title: '乙', residentName: '张三' })]
    const focused: number[] = []
    return { form, focused, ...useRemoving(form, (at) => focused.push(at)) }
  }
  const titles = (form: VisitForm) => form.matters.map(({ title }) => title)

  it('can be put back where it was, with all that was typed', async () => {
    const { form, focused, removed, remove, putBack } = twoMatters()
    await remove(1)
    expect(titles(form)).toEqual(['甲'])
    await putBack()
    expect(form.matters[1]).toMatchObject({ id: 'b', title: '乙', residentName: '张三' })
    expect([removed.value, focused]).toEqual([null, [0, 1]])
  })

  it('leaves an empty one when it was the only one, which gives way when it is put back', async () => {
    const { form, remove, putBack } = twoMatters()
    form.matters.splice(1, 1)
    await remove(0)
    expect(titles(form)).toEqual([''])
    expect(form.matters[0]!.id).not.toBe('a')
    await putBack()
    expect(titles(form)).toEqual(['甲'])
  })

  it('does not push out what was typed in its place', async () => {
    const { form, remove, putBack } = twoMatters()
    form.matters.splice(1, 1)
    await remove(0)
    form.matters[0]!.title = '丙'
    await putBack()
    expect(titles(form)).toEqual(['甲', '丙'])
  })

  it('offers nothing back when it was empty', async () => {
    const { form, removed, remove } = twoMatters()
    form.matters.push(newMatter())
    await remove(2)
    expect(removed.value).toBeNull()
  })
})

describe('a form that was begun on another day', () => {
  const MONDAY = '2026-11-23T21:10:00.000+08:00'
  const THURSDAY = '2026-11-26T08:00:00.000+08:00'

  it('takes the time at which it was begun, and says the day', () => {
    const form = { happenedAt: null, startedAt: null }
    expect(noteStart(form, true, MONDAY)).toBeNull()
    expect(noteStart(form, true, MONDAY)).toBeNull()
    expect(form.happenedAt).toBeNull()
    expect(noteStart(form, true, THURSDAY)).toBe('2026-11-23')
    expect(form.happenedAt).toBe('2026-11-23T21:10')
  })

  it('lets the person choose 现在 again', () => {
    const form = { happenedAt: null as string | null, startedAt: MONDAY }
    noteStart(form, true, THURSDAY)
    form.happenedAt = null
    expect(noteStart(form, true, THURSDAY)).toBeNull()
    expect(form.happenedAt).toBeNull()
  })

  it('keeps a time that the person chose', () => {
    const form = { happenedAt: '2026-11-22T09:00', startedAt: MONDAY }
    expect(noteStart(form, true, THURSDAY)).toBeNull()
    expect(form.happenedAt).toBe('2026-11-22T09:00')
  })

  it('begins with the first thing typed, not with the opening', () => {
    const form = { happenedAt: null, startedAt: MONDAY }
    expect(noteStart(form, false, THURSDAY)).toBeNull()
    expect(noteStart(form, true, THURSDAY)).toBeNull()
    expect(form).toEqual({ happenedAt: null, startedAt: THURSDAY })
  })
})
