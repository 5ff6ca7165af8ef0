/**
 * Whatever is killed or cut, and whenever. A failure names its seed and its steps; that walk alone runs again with
 * WALK_SEED=<seed> npx vitest run tests/unit/nothingLost.test.ts
 */
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, expect, it, vi } from 'vitest'

import type { OutboxEntry } from '../../src/store/db'
import { pull } from '../../src/sync/pull'
import { newPhone } from './phone'
import { people, Walk } from './walk'

const WALKS = 120
const STEPS = 8

afterEach(() => {
  vi.restoreAllMocks()
})

/** What the phone may not show otherwise than the server: rows without the phone's own columns. */
function shown(rows: unknown[]): unknown[] {
  return rows.map((row) => {
    const server = { ...(row as Record<string, unknown>) }
    for (const own of ['pending', 'refused', 'mine', 'open']) delete server[own]
    return server
  })
}

const byId = (rows: unknown[]) => [...(rows as { id: string }[])].sort((one, other) => (one.id < other.id ? -1 : 1))

async function expectServersVersion(walk: Walk, userId: string): Promise<void> {
  const { matters = [], visits = [] } = await walk.phone.look(userId, ['matters', 'visits'])
  const ledger = walk.ledger(userId)
  expect(byId(shown(matters))).toEqual(byId([...ledger.matters.values()]))
  expect(byId(shown(visits))).toEqual(byId([...ledger.visits.values()]))
}

/** A phone that has never fetched anything, given only the outbox, must show the same rows. */
async function expectSameAsNewPhone(walk: Walk): Promise<void> {
  const { me, api } = walk.app.session.portsNow()!
  const { matters = [], visits = [], outbox = [] } = await walk.phone.look(me.id, ['matters', 'visits', 'outbox'])
  const other = { ...newPhone(walk.server, new IDBFactory()), api }
  await other.db.outbox.bulkPut(outbox as OutboxEntry[])
  await pull(other)
  expect(matters).toEqual(await other.db.matters.toArray())
  expect(visits).toEqual(await other.db.visits.toArray())
  other.db.close()
}

async function expectOnceAtTheServerOrWaiting(walk: Walk): Promise<void> {
  const kept = new Map<string, string>()
  for (const { id } of people) {
    const { outbox = [] } = await walk.phone.look(id, ['outbox'])
    for (const entry of outbox as OutboxEntry[]) {
      expect(entry.status, 'what is not refused has been sent').toBe('refused')
      kept.set((entry.args.event_id ?? entry.args.id) as string, id)
    }
  }
  const applied = walk.appliedFor.map(({ id }) => id)
  expect(applied.length).toBe(new Set(applied).size)
  for (const { id, owner } of walk.said) {
    const at = walk.appliedFor.filter((each) => each.id === id).map((each) => each.owner)
    const where = kept.has(id) ? [...at, kept.get(id)] : at
    expect(where, `${id} is in one place, its owner's`).toEqual([owner])
  }
}

async function run(walk: Walk): Promise<void> {
  await walk.begin()
  for (let step = 0; step < STEPS; step++) await walk.wander()
  await walk.calmDown()
  for (const { id, username } of walk.inTurn()) {
    await walk.handTo(username)
    await expectServersVersion(walk, id)
  }
  await walk.recordWithoutNetwork()
  await expectSameAsNewPhone(walk)
  await walk.app.engine.syncNow()
  await walk.signOut(true)
  await walk.calmDown()
  await expectOnceAtTheServerOrWaiting(walk)
}

function tooLong(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Error('it hangs')), 20_000).unref())
}

const only = process.env.WALK_SEED
const seeds = only ? [Number(only)] : Array.from({ length: WALKS }, (_, n) => n + 1)

it(`nothing that was recorded is lost, doubled or shown to the next person, on ${seeds.length} random walks`, { timeout: 120_000 }, async () => {
  for (const seed of seeds) {
    vi.restoreAllMocks()
    for (const heard of ['error', 'warn'] as const) vi.spyOn(console, heard).mockImplementation(() => undefined)
    const walk = new Walk(seed)
    try {
      await Promise.race([run(walk), tooLong()])
    } catch (error) {
      throw Object.assign(error as Error, { message: `WALK_SEED=${seed}: ${(error as Error).message}\n${walk.steps.join('\n')}` })
    }
  }
})
