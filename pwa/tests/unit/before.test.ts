import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import Dexie from 'dexie'
import { beforeEach, describe, expect, it } from 'vitest'

import { li } from './fakeServer'
import { PIN, sealedSurroundings, unlocking } from './sealedApp'
import { start, type Surroundings } from './wholeApp'

/**
 * What the app of 4e45e2f, the last that sealed nothing, left on a phone without a network: its own code has recorded
 * a visit with two matters, an act, a correction and a half-typed form. Rows are written past today's code.
 */
interface Left {
  databases: { name: string; version: number; stores: Record<string, string>; rows: Record<string, unknown[]> }[]
}
const left = JSON.parse(readFileSync(fileURLToPath(new URL('before/4e45e2f.json', import.meta.url)), 'utf8')) as Left

let around: Surroundings

beforeEach(async () => {
  around = sealedSurroundings()
  around.server.me = li
  for (const { name, version, stores, rows } of left.databases) {
    const db = new Dexie(name)
    db.version(version).stores(stores)
    await db.open()
    for (const [table, all] of Object.entries(rows)) await db.table(table).bulkAdd(all)
    db.close()
  }
})

async function onDisk(table: string): Promise<Record<string, unknown>[]> {
  const db = await new Dexie(`shishibu-${li.id}`).open()
  const rows = (await db.table(table).toArray()) as Record<string, unknown>[]
  db.close()
  return rows
}

describe('a phone of the version before, with a full outbox', { timeout: 30_000 }, () => {
  it('shows without a network what it showed, and lets one go on', async () => {
    around.offline = true
    const app = await start()
    expect(app.session.session).toMatchObject({ me: { name: '李建国' }, locked: false, pinDue: false })
    const { db } = app.session.portsNow()!
    expect((await db.matters.toArray()).map(({ title }) => title).sort()).toEqual(['桥面塌了大半', '水渠堵了', '路灯不亮'].sort())
    expect(await db.drafts.get('visit')).toMatchObject({ value: { note: '没写完' } })
    await app.record.actOnMatter({ ...app.record.newAct('01990000-0000-7000-8000-0000000000a1', 'progress'), text: '再约一次' })
    expect(await db.outbox.count()).toBe(4)
  })

  it('sends it all, in its order, and each once', async () => {
    const app = await start()
    await app.engine.syncNow()
    expect(around.server.applied.map(({ name }) => name)).toEqual(['visit.record', 'matter.act', 'matter.correct'])
    expect(around.server.applied.map(({ id }) => id)).toEqual((left.databases[1]!.rows.outbox as { id: string }[]).map(({ id }) => id))
    expect(await onDisk('outbox')).toEqual([])
  })

  it('has it all sealed once there is a PIN, sent or not', async () => {
    const app = await start()
    around.onTheWayThere = (path) => {
      if (path === '/api/sync/push') throw new TypeError('Failed to fetch')
    }
    await app.engine.syncNow()
    expect(app.session.session.pinDue).toBe(true)
    await (await unlocking()).setPin(PIN)
    await expect.poll(async () => (await app.registry.keyRow(li.id))?.swept).toBe(true)
    for (const table of ['outbox', 'matters', 'drafts', 'visits', 'ratingCodes']) {
      expect((await onDisk(table)).map((row) => ArrayBuffer.isView(row.sealed))).not.toContain(false)
    }
    around.offline = true
    const later = await start()
    await (await unlocking()).openByPin(PIN)
    expect(await later.session.portsNow()!.db.drafts.get('visit')).toMatchObject({ value: { note: '没写完' } })
    around.offline = false
    around.onTheWayThere = () => undefined
    await later.engine.syncNow()
    expect(around.server.applied.length).toBe(3)
  })
})
