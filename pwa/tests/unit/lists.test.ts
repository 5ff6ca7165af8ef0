import 'fake-indexeddb/auto' // Dexie's live queries ask for a global one

import { describe, expect, it } from 'vitest'
import { effectScope, nextTick, ref, watch } from 'vue'

import { addDays, today } from '../../src/domain/days'
import { currentStore } from '../../src/store/current'
import { putServerRecords } from '../../src/store/rebuild'
import { readMatters, searchMatters } from '../../src/store/matterLists'
import { useMatter, useMatterList, useMatters } from '../../src/store/reading'
import { readVillages, searchVillages } from '../../src/store/villages'
import { serverMatter, TOWNSHIP, VILLAGE } from './fakeServer'
import { readyPhone, type Phone } from './phone'

const late = (days: number) => addDays(today(), -days)
const ids = (rows: { id: string }[] | undefined) => rows?.map(({ id }) => id)

async function phoneWithMatters(): Promise<Phone> {
  const phone = await readyPhone()
  await putServerRecords(
    phone.db,
    [
      serverMatter('closed', { state: 'resolved', due_day: late(90), raised_at: '2026-11-23T01:00:00+00:00' }),
      serverMatter('older', { raised_at: '2026-11-01T01:00:00+00:00', due_day: late(-30) }),
      serverMatter('newer', { raised_at: '2026-11-20T09:00:00+08:00', due_day: late(-30), title: '路灯不亮', detail: 'LED 坏了' }),
      serverMatter('late', { due_day: late(3), resident: { name: '王奶奶', phone: '13800000000' } }),
      serverMatter('later', { due_day: late(30) }),
      serverMatter('neighbour', { relations: [], author_name: '赵强', due_day: late(-30), raised_at: '2026-01-01T00:00:00+00:00' }),
      serverMatter('led', { relations: ['leader'], state: 'explained', raised_at: '2026-01-01T00:00:00+00:00' }),
    ],
    [],
  )
  return phone
}

describe('the list of matters', () => {
  it('has the open ones first, overdue on top, the longest first, then the newest', async () => {
    const { db } = await phoneWithMatters()
    expect(ids(await readMatters(db, { scope: 'mine', status: 'all' }))).toEqual(['later', 'late', 'newer', 'older', 'closed'])
  })

  it('holds under 我的 what one has to do with himself, and under 全乡镇 everything', async () => {
    const { db } = await phoneWithMatters()
    expect(ids(await readMatters(db, { scope: 'mine', status: 'open' }))).toEqual(['later', 'late', 'newer', 'older'])
    expect(ids(await readMatters(db, { scope: 'mine', status: 'closed' }))).toEqual(['closed'])
    expect(ids(await readMatters(db, { scope: 'township', status: 'open' }))).toEqual(['later', 'late', 'newer', 'older', 'neighbour'])
    expect(ids(await readMatters(db, { scope: 'township', status: 'closed' }))).toEqual(['closed', 'led'])
    expect((await readMatters(db, { scope: 'township', status: 'all' })).length).toBe(7)
  })

  it('is searched by title, detail, resident, telephone, author, in any order of words and letters', async () => {
    const { db } = await phoneWithMatters()
    const rows = await readMatters(db, { scope: 'township', status: 'all' })
    expect(ids(searchMatters(rows, ' led 路灯 '))).toEqual(['newer'])
    expect(ids(searchMatters(rows, '王奶奶'))).toEqual(['late'])
    expect(ids(searchMatters(rows, '1380000'))).toEqual(['late'])
    expect(ids(searchMatters(rows, '赵强'))).toEqual(['neighbour'])
    expect(searchMatters(rows, '没有的').length).toBe(0)
    expect(searchMatters(rows, '  ')).toBe(rows)
  })

  it('searches 10,000 matters while one types', () => {
    const rows = Array.from({ length: 10_000 }, (_, n) => ({ ...serverMatter(`m${n}`, { title: `第${n}件` }), pending: false, refused: false }))
    searchMatters(rows, '先读一遍')
    const start = performance.now()
    expect(searchMatters(rows, '第9999件').length).toBe(1)
    expect(performance.now() - start).toBeLessThan(50)
  })

  it('reads of a long list only the beginning while rows come in, and all of it then', async () => {
    const { db, ...phone } = await phoneWithMatters()
    const many = (from: number) => Array.from({ length: 80 }, (_, n) => serverMatter(`m${from + n}`, { title: `第${from + n}件` }))
    currentStore.value = { db, ...phone }
    const growing = ref(true)
    const which = ref<'all' | 'closed'>('all')
    const scope = effectScope()
    const list = scope.run(() => useMatterList({ scope: 'township', status: which }, growing))!
    await expect.poll(() => list.value?.rows.length).toBeGreaterThan(0)
    const before = list.value!.rows.length
    await putServerRecords(db, many(0), [])
    await expect.poll(() => list.value?.rows.length).toBe(before + 80)
    await putServerRecords(db, many(80), [])
    await expect.poll(() => [list.value?.rows.length, list.value?.whole, list.value?.held]).toEqual([30, false, before + 160])
    const shown: unknown[] = []
    scope.run(() => watch(list, (read) => shown.push(read && [read.rows.length, read.whole]), { flush: 'sync' }))
    growing.value = false
    await expect.poll(() => shown).toEqual([[30, false], [before + 160, true]])
    which.value = 'closed'
    expect(list.value).toBeUndefined()
    await expect.poll(() => ids(list.value?.rows)).toEqual(['closed', 'led'])
    const closed = Array.from({ length: 110 }, (_, n) => serverMatter(`c${n}`, { title: `已结${n}`, state: 'resolved' }))
    await putServerRecords(db, [...many(160), ...closed], [])
    await expect.poll(() => new Set(ids(list.value?.rows)).size).toBe(112)
    expect(list.value?.rows.every(({ state }) => state !== 'raised')).toBe(true)
    scope.stop()
    currentStore.value = null
    await nextTick()
  })

  it('follows the table and the filter by itself', async () => {
    const { db, ...phone } = await phoneWithMatters()
    currentStore.value = { db, ...phone }
    const status = ref<'open' | 'closed'>('closed')
    const scope = effectScope()
    const list = scope.run(() => useMatters({ scope: 'mine', status }))!
    const one = scope.run(() => useMatter('missing'))!
    await expect.poll(() => ids(list.value)).toEqual(['closed'])
    await expect.poll(() => one.value).toBeNull()
    status.value = 'open'
    const found = () => ids(list.value && searchMatters(list.value, '路灯'))
    await expect.poll(found).toEqual(['newer'])
    await putServerRecords(db, [serverMatter('another', { title: '路灯歪了', due_day: late(-1), raised_at: '2026-11-23T00:00:00+00:00' })], [])
    await expect.poll(found).toEqual(['another', 'newer'])
    scope.stop()
    currentStore.value = null
    await nextTick()
  })
})

describe('the villages', () => {
  async function villages() {
    const { db } = await readyPhone()
    const village = (code: string, name: string, initials: string, own = false) => ({ code, name, level: 'village' as const, parent_code: TOWNSHIP, initials, own })
    await db.areas.bulkPut([
      village('430581101202', '石羊桥村', 'syqc'),
      village('430581101203', '羊角村', 'yjc'),
      village('430581101204', '双桥村', 'sqc', true),
      village('430581101205', '新羊社区', 'xysq'),
    ])
    const visit = (id: string, village_code: string, happened_at: string) => ({ id, village_code, happened_at, village_name: '', kind: 'onsite' as const, note: null, backfill: false })
    await putServerRecords(db, [], [visit('v1', '430581101203', '2026-11-20T01:00:00+00:00'), visit('v2', '430581101204', '2026-11-21T01:00:00+00:00')])
    return readVillages(db)
  }

  it('come with one’s own first, then those he was in lately', async () => {
    const all = await villages()
    expect(all.map(({ name }) => name)).toEqual(['双桥村', '双牌村', '羊角村', '石羊桥村', '新羊社区'])
    expect(all[0]).toMatchObject({ code: '430581101204', own: true, recent: true, townshipName: '双牌镇' })
    expect(all[1]).toMatchObject({ code: VILLAGE, own: true, recent: false })
  })

  it('are found by a part of the name or by pinyin initials, the beginning first', async () => {
    const all = await villages()
    expect(searchVillages(all, '羊').map(({ name }) => name)).toEqual(['羊角村', '石羊桥村', '新羊社区'])
    expect(searchVillages(all, 'SQ').map(({ name }) => name)).toEqual(['双桥村', '新羊社区'])
    expect(searchVillages(all, ' sp c ').map(({ name }) => name)).toEqual(['双牌村'])
    expect(searchVillages(all, '').length).toBe(5)
    expect(searchVillages(all, '没有').length).toBe(0)
  })
})
