import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import Dexie from 'dexie'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'

import { Database } from '../../src/store/db'
import { addVisit } from '../../src/store/outbox'
import { sealer } from '../../src/store/seal'
import { SEALED_TABLES, type Row } from '../../src/store/sealed'
import { sealWhatIsPlain } from '../../src/store/sweep'
import { li } from './fakeServer'
import { KEY, matterForm, readyPhone, visitForm } from './phone'

const OTHER_KEY = KEY.map((byte) => byte ^ 1)
let disk: IDBFactory

beforeEach(() => {
  disk = new IDBFactory()
  vi.stubGlobal('IDBKeyRange', IDBKeyRange)
})

function opened(key: Uint8Array | null): Database {
  const db = new Database(li.id, { indexedDB: disk, IDBKeyRange })
  if (key) db.holder.sealer = sealer(key, li.id)
  return db
}

/** The rows of a table as they lie on the disk. */
async function onDisk(table: string, on = disk): Promise<Row[]> {
  const db = await new Dexie(`shishibu-${li.id}`, { indexedDB: on, IDBKeyRange }).open()
  const rows = (await db.table(table).toArray()) as Row[]
  db.close()
  return rows
}

const draft = (key: string, title: string) => ({ key, value: { title } })

interface Case {
  user_id: string
  key: string
  table: string
  primary_key: string
  json: string
  sealed: string
}
const bytes = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'))
const cases = JSON.parse(readFileSync(fileURLToPath(new URL('../../../tests/contract/sealed.json', import.meta.url)), 'utf8')) as Record<'rows' | 'spoiled', Case[]>

describe('the format', () => {
  const one = sealer(KEY, li.id)
  const openCase = ({ key, user_id, table, primary_key, sealed }: Case) => sealer(bytes(key), user_id).open(table, primary_key, bytes(sealed))

  it('is the same at the server', () => {
    expect([cases.rows.length > 3, cases.spoiled.length > 3]).toEqual([true, true])
    for (const each of cases.rows) expect(openCase(each)).toEqual(JSON.parse(each.json))
    for (const each of cases.spoiled) expect(() => openCase(each)).toThrowError(expect.objectContaining({ name: 'WrongKey' }))
  })

  it('is nonce, then XChaCha20-Poly1305 of the JSON, bound to user, table and key', () => {
    for (const length of [0, 1, 15, 16, 17, 63, 64, 65, 1000]) {
      const said = { title: '渠'.repeat(length) }
      const sealed = one.seal('matters', 'm1', said)
      const place = new TextEncoder().encode(`shishibu/1/${li.id}/matters/m1`)
      const theirs = xchacha20poly1305(KEY, sealed.subarray(0, 24), place)
      expect(new TextDecoder().decode(theirs.decrypt(sealed.subarray(24)))).toBe(JSON.stringify(said))
      expect(one.open('matters', 'm1', sealed)).toEqual(said)
    }
  })

  it('never repeats a nonce', () => {
    const nonces = Array.from({ length: 1000 }, () => String(one.seal('matters', 'm1', {}).subarray(0, 24)))
    expect(new Set(nonces).size).toBe(1000)
  })

  it('tells what was changed, moved, cut or sealed under another key', () => {
    const sealed = one.seal('matters', 'm1', { title: '水渠' })
    for (const at of [0, 23, 24, sealed.length - 17, sealed.length - 1]) {
      const changed = sealed.slice()
      changed[at]! ^= 1
      expect(() => one.open('matters', 'm1', changed)).toThrowError(expect.objectContaining({ name: 'WrongKey' }))
    }
    for (const [table, at] of [['visits', 'm1'], ['matters', 'm2']] as const) expect(() => one.open(table, at, sealed)).toThrow()
    expect(() => one.open('matters', 'm1', sealed.subarray(0, 30))).toThrow()
    expect(() => sealer(OTHER_KEY, li.id).open('matters', 'm1', sealed)).toThrow()
    expect(() => sealer(KEY, 'another').open('matters', 'm1', sealed)).toThrow()
  })
})

describe('a sealed table', () => {
  it('keeps on the disk what rows are found by, and nothing else that can be read', async () => {
    const phone = await readyPhone()
    await addVisit(phone, visitForm([matterForm({ residentName: '张三' })]))
    const on = (phone.db as unknown as { _deps: { indexedDB: IDBFactory } })._deps.indexedDB
    for (const table of SEALED_TABLES) expect(JSON.stringify(await onDisk(table, on))).not.toMatch(/[一-鿿]/)
    const [entry] = await onDisk('outbox', on)
    expect(Object.keys(entry!).sort()).toEqual(['id', 'records', 'sealed', 'seq', 'status'])
    expect(Object.keys((await onDisk('matters', on))[0]!).sort()).toEqual(['due_day', 'id', 'mine', 'open', 'sealed', 'visit_id'])
    const outside = sealer(KEY, li.id).open('outbox', entry!.id as string, entry!.sealed as Uint8Array)
    expect(outside).toMatchObject({ name: 'visit.record', made_at: expect.any(String), args: { kind: 'onsite' } })
  })

  it('answers every way of asking as a plain one does', async () => {
    for (const key of [null, KEY]) {
      const db = opened(key)
      await db.drafts.bulkPut(['a', 'b', 'c', 'd'].map((each) => draft(each, `题${each}`)))
      await db.drafts.add(draft('e', '题e'))
      await db.drafts.update('b', { value: { title: '改' } })
      await db.drafts.where('key').equals('c').modify({ value: { title: '再改' } })
      await db.drafts.delete('d')
      expect(await db.drafts.get('b')).toEqual(draft('b', '改'))
      expect(await db.drafts.get('nothing')).toBeUndefined()
      expect(await db.drafts.bulkGet(['a', 'x', 'c'])).toEqual([draft('a', '题a'), undefined, draft('c', '再改')])
      expect(await db.drafts.toArray()).toEqual([draft('a', '题a'), draft('b', '改'), draft('c', '再改'), draft('e', '题e')])
      expect(await db.drafts.orderBy('key').reverse().limit(2).toArray()).toEqual([draft('e', '题e'), draft('c', '再改')])
      expect(await db.drafts.filter(({ value }) => (value as { title: string }).title === '改').primaryKeys()).toEqual(['b'])
      expect(await db.drafts.where('key').above('a').filter(({ key }) => key !== 'b').first()).toEqual(draft('c', '再改'))
      expect(await db.drafts.where('key').startsWith('e').count()).toBe(1)
      const seen: string[] = []
      await db.drafts.each(({ key: each }, cursor) => void seen.push(`${each}${String(cursor.primaryKey)}`))
      expect(seen).toEqual(['aa', 'bb', 'cc', 'ee'])
      await db.outbox.bulkAdd(['x', 'y'].map((id) => ({ id, records: [id, 'r'], status: 'waiting', name: '记' }) as never))
      expect((await db.outbox.where('records').anyOf('r', 'y').distinct().sortBy('seq')).map(({ id, seq }) => [id, seq])).toEqual([['x', 1], ['y', 2]])
      await db.outbox.update(1, { status: 'refused' })
      expect(await db.outbox.where('status').equals('refused').toArray()).toMatchObject([{ id: 'x', name: '记' }])
      await db.delete()
    }
  })

  it('stays one transaction: what fails half way leaves nothing', async () => {
    const db = opened(KEY)
    const both = db.transaction('rw', db.drafts, db.meta, async () => {
      await db.drafts.put(draft('a', '题'))
      await db.meta.put({ key: 'x', value: await db.drafts.get('a') })
      throw new Error('half way')
    })
    await expect(both).rejects.toThrow('half way')
    expect([await db.drafts.count(), await db.meta.count()]).toEqual([0, 0])
  })

  it('tells a key that is missing from one that is wrong', async () => {
    const db = opened(KEY)
    await db.drafts.put(draft('a', '题'))
    db.close()
    await expect(opened(null).drafts.get('a')).rejects.toMatchObject({ name: 'Locked' })
    await expect(opened(OTHER_KEY).drafts.toArray()).rejects.toMatchObject({ name: 'WrongKey' })
    await expect(opened(OTHER_KEY).drafts.filter(() => true).first()).rejects.toMatchObject({ name: 'WrongKey' })
  })

  it('does not take a row for another that was put in its place', async () => {
    const db = opened(KEY)
    await db.drafts.bulkPut([draft('a', '甲'), draft('b', '乙')])
    const raw = await new Dexie(db.name, { indexedDB: disk, IDBKeyRange }).open()
    await raw.table('drafts').update('a', { sealed: ((await raw.table('drafts').get('b')) as Row).sealed })
    raw.close()
    await expect(db.drafts.get('a')).rejects.toMatchObject({ name: 'WrongKey' })
  })
})

describe('rows from before there was a key', () => {
  it('are read as they are, and sealed by the pass without a word to the screen', async () => {
    const before = opened(null)
    await before.drafts.bulkPut(Array.from({ length: 450 }, (_, at) => draft(`d${String(at).padStart(3, '0')}`, `题${at}`)))
    before.close()
    const db = opened(KEY)
    await db.drafts.put(draft('d007', '新'))
    const heard = vi.fn()
    Dexie.on('storagemutated', heard)
    await sealWhatIsPlain(db, db.holder.sealer!)
    await sealWhatIsPlain(db, db.holder.sealer!)
    expect(heard).not.toHaveBeenCalled()
    const rows = await onDisk('drafts')
    expect([rows.length, rows.filter((row) => 'value' in row).length]).toEqual([450, 0])
    expect(await db.drafts.bulkGet(['d007', 'd449'])).toEqual([draft('d007', '新'), draft('d449', '题449')])
  })

  it('are all sealed although the pass was cut', async () => {
    const before = opened(null)
    await before.drafts.bulkPut(Array.from({ length: 450 }, (_, at) => draft(`d${String(at).padStart(3, '0')}`, '题')))
    before.close()
    const cut = opened(KEY)
    const broken = { ...cut.holder.sealer!, seal: vi.fn(cut.holder.sealer!.seal) }
    broken.seal.mockImplementation((...row) => (broken.seal.mock.calls.length > 300 ? (cut.close(), cut.holder.sealer!.seal(...row)) : cut.holder.sealer!.seal(...row)))
    await sealWhatIsPlain(cut, broken).catch(() => undefined)
    const again = opened(KEY)
    await sealWhatIsPlain(again, again.holder.sealer!)
    expect((await onDisk('drafts')).filter((row) => 'value' in row)).toEqual([])
    expect(await again.drafts.count()).toBe(450)
  })
})
