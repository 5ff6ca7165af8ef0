/** What runs on a simulated phone: the app's own modules without its screens, unchanged. bundle.ts makes one script of it. */
import * as lifecycle from '../../src/domain/lifecycle'
import type { OutboxEntry } from '../../src/store/db'
import { rebuild } from '../../src/store/rebuild'
import * as record from '../../src/store/record'
import * as saveProblem from '../../src/store/saveProblem'
import * as api from '../../src/sync/api'
import * as engine from '../../src/sync/engine'
import * as session from '../../src/sync/session'
import * as status from '../../src/sync/status'
import * as unlock from '../../src/sync/unlock'

/** Put into this phone what lies in the outbox of another one of the same user, as JSON. */
async function takeOver(outbox: string): Promise<void> {
  const { db } = session.portsNow()!
  const entries = JSON.parse(outbox) as OutboxEntry[]
  await db.transaction('rw', db.matters, db.visits, db.outbox, async () => {
    await db.outbox.bulkPut(entries)
    await rebuild(db, entries.flatMap(({ records }) => records))
  })
}

export const core = { lifecycle, record, saveProblem, api, engine, session, status, unlock, takeOver }
export type Core = typeof core
