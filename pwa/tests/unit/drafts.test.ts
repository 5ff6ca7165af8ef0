import { afterEach, describe, expect, it } from 'vitest'
import { effectScope } from 'vue'

import { currentStore } from '../../src/store/current'
import { useDraft } from '../../src/store/drafts'
import { draftWriter } from '../../src/store/draftWriter'
import { recordVisit } from '../../src/store/record'
import { readyPhone, visitForm, type Phone } from './phone'

interface Form {
  note: string
  matters: { title: string }[]
}
const empty: Form = { note: '', matters: [] }

async function open(phone: Phone) {
  currentStore.value = phone
  const draft = effectScope().run(() => useDraft<Form>('visit', empty))!
  await draft.loaded
  return draft
}

const kept = async ({ db }: Phone) => (await db.drafts.get('visit'))?.value

afterEach(() => (currentStore.value = null))

describe('a half-typed form', () => {
  it('is there again after the app was killed', async () => {
    const phone = await readyPhone()
    const draft = await open(phone)
    draft.value.note = '雨后去看'
    draft.value.matters.push({ title: '' })
    draft.value.matters[0]!.title = '水渠'
    await expect.poll(() => kept(phone)).toEqual({ note: '雨后去看', matters: [{ title: '水渠' }] })
    const again = await open(phone.restarted())
    expect(again.ready.value).toBe(true)
    expect(again.value).toEqual({ note: '雨后去看', matters: [{ title: '水渠' }] })
  })

  it('is on its way to the disk before the next key is pressed', async () => {
    const phone = await readyPhone()
    const draft = await open(phone)
    draft.value.note = '水'
    expect(await kept(phone)).toMatchObject({ note: '水' })
  })

  it('ends with the last thing typed, however fast', async () => {
    const phone = await readyPhone()
    const draft = await open(phone)
    for (let n = 0; n <= 200; n++) draft.value.note = '字'.repeat(n)
    await expect.poll(async () => ((await kept(phone)) as Form).note.length).toBe(200)
  })

  it('is gone once it is saved, and the form is empty for the next one', async () => {
    const phone = await readyPhone()
    const draft = await open(phone)
    draft.value.note = '雨后'
    await draft.clear()
    expect(await kept(phone)).toBeUndefined()
    expect(draft.value).toEqual(empty)
    draft.value.note = '下一次'
    await expect.poll(() => kept(phone)).toMatchObject({ note: '下一次' })
    expect(empty).toEqual({ note: '', matters: [] })
  })

  it('takes a field that is new in this version from the empty form', async () => {
    const phone = await readyPhone()
    await phone.db.drafts.put({ key: 'visit', value: { note: '旧的' } })
    expect((await open(phone)).value).toEqual({ note: '旧的', matters: [] })
  })

  it('does not come back when it is saved in the middle of fast typing', async () => {
    const phone = await readyPhone()
    const draft = await open(phone)
    for (let n = 0; n <= 50; n++) draft.value.note = '字'.repeat(n)
    const saved = recordVisit(visitForm([], { note: draft.value.note }), 'visit')
    draft.value.note += '尾'
    await saved
    draft.value.note += '巴'
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await kept(phone)).toBeUndefined()
    expect((await phone.waiting()).length).toBe(1)
  })

  it('does not come back through a key pressed while the record is being written', async () => {
    const phone = await readyPhone()
    const draft = await open(phone)
    draft.value.note = '雨后'
    phone.db.outbox.hook('creating', () => void setTimeout(() => (draft.value.note += '尾')))
    await recordVisit(visitForm([], { note: draft.value.note }), 'visit')
    await expect.poll(() => draft.value.note).toBe('雨后尾')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await kept(phone)).toBeUndefined()
  })

  it('keeps a key pressed while the record is being written, when that fails', async () => {
    const phone = await readyPhone()
    const draft = await open(phone)
    draft.value.note = '雨后'
    phone.db.outbox.hook('creating', () => {
      draft.value.note += '尾'
      throw new Error('disk full')
    })
    await expect(recordVisit(visitForm(), 'visit')).rejects.toThrow()
    await expect.poll(() => kept(phone)).toMatchObject({ note: '雨后尾' })
  })

  it('stays when it could not be saved', async () => {
    const phone = await readyPhone()
    const draft = await open(phone)
    draft.value.note = '雨后'
    phone.db.outbox.hook('creating', () => {
      throw new Error('disk full')
    })
    await expect(recordVisit(visitForm(), 'visit')).rejects.toThrow()
    draft.value.note = '雨后去看'
    await expect.poll(() => kept(phone)).toMatchObject({ note: '雨后去看' })
  })

  it('does not come back through a write that was still waiting when it was saved', async () => {
    const phone = await readyPhone()
    const writer = draftWriter(phone.db, 'visit')
    writer.write({ note: '一' })
    writer.write({ note: '二' })
    await writer.remove()
    await writer.settled()
    expect(await kept(phone)).toBeUndefined()
  })
})
