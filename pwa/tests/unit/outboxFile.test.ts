import { describe, expect, it } from 'vitest'

import { visitFormOf } from '../../src/store/forms'
import { addAct, addAgain, addVisit } from '../../src/store/outbox'
import { readOutboxFile, writeOutboxFile } from '../../src/store/outboxFile'
import { push } from '../../src/sync/push'
import { matterForm, newPhone, readyPhone, visitForm } from './phone'

async function filled() {
  const phone = await readyPhone()
  await addVisit(phone, visitForm([matterForm({ title: '水渠堵了' })]))
  const [matter] = await phone.db.matters.toArray()
  await addAct(phone, { eventId: phone.newId(), matterId: matter!.id, act: 'progress', text: '已约人来看' })
  return phone
}

describe('a file of what is unsent', () => {
  it('is sealed, and another phone of the same person takes it in, in its order, as it was', async () => {
    const phone = await filled()
    const { name, text } = await writeOutboxFile(phone)
    expect(name).toBe('实事簿-未上传-2026-11-24.sjb')
    expect(text).not.toMatch(/[一-鿿]/)
    const other = await readyPhone()
    expect(await readOutboxFile(other, text)).toBe(2)
    const plain = (rows: { seq?: number }[]) => rows.map((row) => ({ ...row, seq: 0 }))
    expect(plain(await other.waiting())).toEqual(plain(await phone.waiting()))
    expect(await other.db.matters.toArray()).toEqual(await phone.db.matters.toArray())
    await push(other)
    expect(other.server.applied.map((each) => each.name)).toEqual(['visit.record', 'matter.act'])
  })

  it('adds nothing twice', async () => {
    const phone = await filled()
    const { text } = await writeOutboxFile(phone)
    expect(await readOutboxFile(phone, text)).toBe(0)
    expect((await phone.waiting()).length).toBe(2)
  })

  it('brings nothing back that was corrected and sent since', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm({ title: '水渠堵了' })]))
    phone.server.judge = () => ({ code: 'village_not_allowed', message: '不行', field: null })
    await push(phone)
    const { text } = await writeOutboxFile(phone)
    const [refused] = await phone.refused()
    await addAgain(phone, refused!.id, visitFormOf(refused!)!)
    expect(await readOutboxFile(phone, text)).toBe(0)
    phone.server.judge = () => null
    await push(phone)
    expect(await readOutboxFile(phone, text)).toBe(0)
    expect(phone.server.applied.length).toBe(1)
  })

  it('brings what was corrected since to a phone that has the refused one', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm()]))
    phone.server.judge = () => ({ code: 'village_not_allowed', message: '不行', field: null })
    await push(phone)
    const other = await readyPhone()
    await readOutboxFile(other, (await writeOutboxFile(phone)).text)
    const [refused] = await phone.refused()
    await addAgain(phone, refused!.id, visitFormOf(refused!)!)
    expect(await readOutboxFile(other, (await writeOutboxFile(phone)).text)).toBe(1)
    await push(other)
    expect(other.server.applied.length).toBe(1)
  })

  it('keeps under 需处理 what lay there', async () => {
    const phone = await filled()
    phone.server.judge = () => ({ code: 'matter_not_found', message: '没有', field: null })
    await push(phone)
    const other = newPhone()
    await readOutboxFile(other, (await writeOutboxFile(phone)).text)
    expect((await other.refused()).map(({ error }) => error?.code)).toEqual(['matter_not_found', 'matter_not_found'])
  })

  it('that is not his, not whole or no file of ours is refused in one sentence, and adds nothing', async () => {
    const phone = await filled()
    const { text } = await writeOutboxFile(phone)
    const other = newPhone()
    const file = JSON.parse(text) as { user_id: string; entries: { sealed: string }[] }
    const spoiled = { ...file, entries: [file.entries[0], { ...file.entries[1], sealed: file.entries[0]!.sealed }] }
    for (const [given, said] of [
      [JSON.stringify({ ...file, user_id: 'another' }), '别人'],
      [JSON.stringify(spoiled), '打不开'],
      [text.slice(0, -10), '不是实事簿'],
      ['{}', '不是实事簿'],
    ] as const) {
      await expect(readOutboxFile(other, given)).rejects.toThrow(said)
    }
    expect(await other.db.outbox.count()).toBe(0)
    phone.db.holder.sealer = null
    await expect(writeOutboxFile(phone)).rejects.toThrow('PIN码')
  })
})
