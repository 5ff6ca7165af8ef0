/** A phone for tests: the real core over an IndexedDB in memory, a clock that stands, and a fake server. */
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { v7 } from 'uuid'

import { Database, type OutboxEntry } from '../../src/store/db'
import type { MatterForm, VisitForm } from '../../src/store/record'
import { sealer } from '../../src/store/seal'
import { openApi } from '../../src/sync/api'
import type { Ports } from '../../src/sync/ports'
import { FakeServer, li, TOWNSHIP, VILLAGE } from './fakeServer'

/** Whoever tests the core tests it on sealed rows; the whole app (wholeApp.ts) begins with plain ones. */
export const KEY = Uint8Array.from({ length: 32 }, (_, at) => at)

export const NOW = Date.parse('2026-11-24T09:30:00+08:00')

export interface Phone extends Ports {
  server: FakeServer
  /** The same phone after its process was killed: only what is on the disk is left. */
  restarted(): Phone
  waiting(): Promise<OutboxEntry[]>
  refused(): Promise<OutboxEntry[]>
}

export function newPhone(server = new FakeServer(), disk = new IDBFactory()): Phone {
  const clock = { now: () => NOW, offsetMs: 0 }
  const db = new Database(li.id, { indexedDB: disk, IDBKeyRange })
  db.holder.sealer = sealer(KEY, li.id)
  const entries = (status: string) => db.outbox.where('status').equals(status).sortBy('seq')
  return {
    db,
    clock,
    me: li,
    newId: () => v7(),
    api: openApi(server.fetch, clock, li.id),
    deviceId: '01990000-0000-7000-8000-0000000000dd',
    server,
    restarted: () => {
      db.close()
      return newPhone(server, disk)
    },
    waiting: () => entries('waiting'),
    refused: () => entries('refused'),
  }
}

/** A phone that knows its villages and units. */
export async function readyPhone(): Promise<Phone> {
  const phone = newPhone()
  await phone.db.areas.bulkPut([
    { code: TOWNSHIP, name: '双牌镇', level: 'township', parent_code: '430581000000', initials: 'spz', own: false },
    { code: VILLAGE, name: '双牌村', level: 'village', parent_code: TOWNSHIP, initials: 'spc', own: true },
  ])
  await phone.db.units.bulkPut([
    { id: 'unit-bureau', name: '武冈市水利局', area_code: '430581000000', is_home: false },
    { id: 'unit-school', name: '双牌镇中心小学', area_code: TOWNSHIP, is_home: false },
    { id: 'unit-home', name: '双牌镇人民政府', area_code: TOWNSHIP, is_home: true },
  ])
  return phone
}

export function matterForm(more: Partial<MatterForm> = {}): MatterForm {
  return {
    title: '水渠堵了',
    category: 'water',
    detail: '',
    residentName: '',
    residentPhone: '',
    outcome: 'open',
    resolvedText: '',
    ...more,
  }
}

export function visitForm(matters: MatterForm[] = [], more: Partial<VisitForm> = {}): VisitForm {
  return { kind: 'onsite', villageCode: VILLAGE, happenedAt: null, note: '', matters, ...more }
}
