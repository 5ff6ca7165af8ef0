/** Who uses this phone: one small database beside those of the users. */
import Dexie, { type DexieOptions, type EntityTable } from 'dexie'
import { v7 } from 'uuid'

import type { Me } from '../domain/records'

interface Fact {
  /** `leaving`: only in what an app before version 3 of this database wrote (leaving.ts). */
  key: 'current_user' | 'device_id' | 'owes_sign_out' | 'leaving'
  value: string | boolean
}

/** There is one for each user whose rows on this phone are sealed. */
export interface KeyRow {
  user_id: string
  /** His key, sealed under what is made of his PIN; null: only the server opens. */
  pin: { salt: Uint8Array; rounds: number; sealed: Uint8Array } | null
  /** He said that he wants none; otherwise one that is gone is asked for again. */
  later: boolean
  /** Wrong PINs in a row, and until when (by this phone's clock, in ms) none is tried. */
  wrong: number
  blocked_until: number
  /** Everything that was written before there was a key is sealed. */
  swept: boolean
}

/** Somebody who must leave this phone for good, while what he has not sent is being handed in, and which phone it was then. */
export interface Leaving {
  user_id: string
  device_id: string
}

class Registry extends Dexie {
  declare users: EntityTable<Me, 'id'>
  declare facts: EntityTable<Fact, 'key'>
  declare keys: EntityTable<KeyRow, 'user_id'>
  declare leaving: EntityTable<Leaving, 'user_id'>

  constructor(options: DexieOptions = {}) {
    super('shishibu', { chromeTransactionDurability: 'strict', cache: 'disabled', ...options })
    this.version(1).stores({ users: 'id', facts: 'key' })
    this.version(2).stores({ keys: 'user_id' })
    this.version(3).stores({ leaving: 'user_id' })
  }
}

export const registry = new Registry()

/** The user who is signed in on this phone, network or not. */
export async function currentUser(): Promise<Me | null> {
  const id = (await registry.facts.get('current_user'))?.value
  return (id && (await registry.users.get(id as string))) || null
}

/** How this user's rows on this phone are sealed; undefined: they lie there as they are. */
export function keyRow(userId: string): Promise<KeyRow | undefined> {
  return registry.keys.get(userId)
}

/** Make `me` the phone's user, or note what changed about him. A PIN of whoever was here before no longer opens anything. */
export async function setCurrentUser(me: Me): Promise<void> {
  await registry.transaction('rw', registry.tables, async () => {
    await registry.users.clear()
    await registry.keys.where('user_id').notEqual(me.id).modify({ pin: null, later: false })
    await registry.users.put(me)
    await registry.facts.put({ key: 'current_user', value: me.id })
    await registry.facts.delete('owes_sign_out')
    await registry.leaving.delete(me.id)
  })
}

/** Nobody uses the phone now: what stays of him, only the server opens. Until `signOutSettled`, it has not heard of it. */
export async function forgetCurrentUser(userId: string): Promise<void> {
  await registry.transaction('rw', registry.tables, async () => {
    await registry.users.delete(userId)
    await registry.keys.update(userId, { pin: null, later: false })
    await registry.facts.delete('current_user')
    await registry.facts.put({ key: 'owes_sign_out', value: true })
  })
}

export async function owesSignOut(): Promise<boolean> {
  return (await registry.facts.get('owes_sign_out'))?.value === true
}

export async function signOutSettled(): Promise<void> {
  await registry.facts.delete('owes_sign_out')
}

/** This phone's id, made once. */
export function deviceId(): Promise<string> {
  return registry.transaction('rw', registry.facts, async () => {
    const known = (await registry.facts.get('device_id'))?.value
    if (known) return known as string
    const made = v7()
    await registry.facts.put({ key: 'device_id', value: made })
    return made
  })
}
