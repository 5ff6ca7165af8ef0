/** Whoever must leave this phone for good: what becomes of his rows, step by step, over as many starts as it takes. */
import Dexie from 'dexie'

import { Database, databaseName } from './db'
import { forgetServerCopies } from './forget'
import { readFact } from './meta'
import { registry, type Leaving } from './registry'
import { NotSaved } from './saveProblem'

/**
 * The server does not let this user use this phone any more: from now on it is another phone, for whoever signs in on it. False:
 * it was no longer this phone, or no longer he who uses it.
 */
export function beginLeaving({ user_id, device_id }: Leaving): Promise<boolean> {
  return registry.transaction('rw', registry.tables, async () => {
    const [user, device] = await registry.facts.bulkGet(['current_user', 'device_id'])
    if (user?.value !== user_id || device?.value !== device_id) return false
    await registry.users.delete(user_id)
    await registry.keys.update(user_id, { pin: null })
    await registry.facts.bulkDelete(['current_user', 'device_id'])
    await registry.leaving.put({ user_id, device_id })
    return true
  })
}

/** Who must leave this phone and has not handed in everything yet. */
export function allLeaving(): Promise<Leaving[]> {
  return registry.transaction('rw', registry.facts, registry.leaving, async () => {
    // Before, one at a time could leave, and the phone was another one only when he had.
    const [gone, device] = await registry.facts.bulkGet(['leaving', 'device_id'])
    if (gone && device) {
      await registry.leaving.put({ user_id: gone.value as string, device_id: device.value as string })
      await registry.facts.bulkDelete(['leaving', 'device_id'])
    }
    return registry.leaving.toArray()
  })
}

/** False once he has signed in again. */
export async function isLeaving(userId: string): Promise<boolean> {
  return (await registry.leaving.get(userId)) !== undefined
}

/** Everything is handed in: nothing of him is left. Unless he has signed in again meanwhile. */
export async function endLeaving(userId: string, removesDatabase: boolean): Promise<void> {
  const ends = await registry.transaction('rw', registry.leaving, registry.keys, async () => {
    if (!(await registry.leaving.get(userId))) return false
    await registry.keys.delete(userId)
    await registry.leaving.delete(userId)
    return true
  })
  if (ends && removesDatabase) await Dexie.delete(databaseName(userId))
}

/** For whom the server no longer lets use this phone: only what can still be handed in stays, sealed. */
export async function forgetAllButOutbox(userId: string): Promise<void> {
  await forgetServerCopies(userId)
  const db = new Database(userId)
  await db.drafts.clear().finally(() => db.close())
}

/** How many records of a user wait on this phone: no key is needed for it. */
export function countUnsent(userId: string): Promise<number> {
  const db = new Database(userId)
  return db.outbox.count().finally(() => db.close())
}

const LEFT = '这部手机已停用，这一条没有保存。'

/** To be asked in the transaction that records. Throws NotSaved once this phone's user had to leave it. */
export async function checkStays(db: Database, deviceId: string): Promise<void> {
  if ((await readFact(db, 'left')) === deviceId) throw new NotSaved(LEFT)
}

/** What lies on this phone for a user, as it lies there; null: nothing. */
export async function databaseOf(userId: string): Promise<Dexie | null> {
  const name = databaseName(userId)
  return (await Dexie.exists(name)) ? new Dexie(name).open() : null
}
