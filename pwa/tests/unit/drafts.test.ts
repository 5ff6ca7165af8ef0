import { afterEach, describe, expect, it, vi } from 'vitest'
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
  const draft = effectScope().run(() => useDraft<Form>('visit', () => empty))!
  await draft.loaded
  return draft
}

/** Let the drafts' table fail; returns what puts it right. */
function failing(phone: Phone, method: 'get' | 'put', name: string): () => void {
  const broken = vi.spyOn(phone.db.drafts, method).mockImplementation((() => Promise.reject(new DOMException('', name))) as never)
  return () => broken.mockRestore()
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

  it('is not written over, and not taken away by a save, when it could not be read', async () => {
    const phone = await readyPhone()
    await phone.db.drafts.put({ key: 'visit', value: { note: '昨天写的一大段', matters: [] } })
    const restore = failing(phone, 'get', 'UnknownError')
    const draft = await open(phone)
    expect(draft.ready.value).toBe(true)
    expect(draft.problem.value).toContain('读不出来')
    draft.value.note = '新'
    await recordVisit(visitForm([], { note: '新' }), 'visit')
    restore()
    expect(await kept(phone)).toMatchObject({ note: '昨天写的一大段' })
    expect((await phone.waiting()).length).toBe(1)
  })

  it('is read again when the storage was only busy', async () => {
    const phone = await readyPhone()
    await phone.db.drafts.put({ key: 'visit', value: { note: '昨天写的一大段', matters: [] } })
    setTimeout(failing(phone, 'get', 'UnknownError'), 50)
    const draft = await open(phone)
    expect(draft.value.note).toBe('昨天写的一大段')
    expect(draft.problem.value).toBeUndefined()
    draft.value.note += '，接着写'
    await expect.poll(() => kept(phone)).toMatchObject({ note: '昨天写的一大段，接着写' })
  })

  it.each([
    ['QuotaExceededError', '手机存满了'],
    ['UnknownError', '写完马上点“保存”'],
  ])('says so when it cannot be kept (%s), until it is kept again', async (name, sentence) => {
    const phone = await readyPhone()
    const draft = await open(phone)
    const restore = failing(phone, 'put', name)
    draft.value.note = '雨'
    await expect.poll(() => draft.problem.value).toContain(sentence)
    restore()
    draft.value.note = '雨后'
    await expect.poll(() => draft.problem.value).toBeUndefined()
    expect(await kept(phone)).toMatchObject({ note: '雨后' })
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
