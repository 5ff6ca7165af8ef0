/** Whoever must leave this phone for good: what becomes of his rows, step by step, over as many starts as it takes. */
import Dexie from 'dexie'

import { Database, databaseName } from './db'
import { forgetServerCopies } from './forget'
import { registry } from './registry'

/** The server does not let this user use this phone any more. */
export async function beginLeaving(userId: string): Promise<void> {
  await registry.transaction('rw', registry.users, registry.facts, registry.keys, async () => {
    await registry.users.delete(userId)
    await registry.keys.update(userId, { pin: null })
    await registry.facts.delete('current_user')
    await registry.facts.put({ key: 'leaving', value: userId })
  })
}

/** Who must leave this phone and has not handed in everything yet; null: nobody. */
export async function leavingUser(): Promise<string | null> {
  return ((await registry.facts.get('leaving'))?.value as string | undefined) ?? null
}

/** Nothing of him is left: the phone is another one from now on. */
export async function endLeaving(userId: string): Promise<void> {
  await registry.transaction('rw', registry.facts, registry.keys, async () => {
    await registry.keys.delete(userId)
    await registry.facts.bulkDelete(['leaving', 'device_id'])
  })
}

/** For whom the server no longer lets use this phone: only what can still be handed in stays, sealed. */
export async function forgetAllButOutbox(userId: string): Promise<void> {
  await forgetServerCopies(userId)
  const db = new Database(userId)
  await db.drafts.clear().finally(() => db.close())
}

/** What lies on this phone for a user, as it lies there; null: nothing. */
export async function databaseOf(userId: string): Promise<Dexie | null> {
  const name = databaseName(userId)
  return (await Dexie.exists(name)) ? new Dexie(name).open() : null
}
