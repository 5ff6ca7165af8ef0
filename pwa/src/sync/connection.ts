/** A user's store joined with the network: what the page and the service worker sync with. */
import { phoneClock } from '../domain/clock'
import type { Me } from '../domain/records'
import { Database } from '../store/db'
import { readFact } from '../store/meta'
import { phonePorts } from '../store/ports'
import { deviceId } from '../store/registry'
import { openApi } from './api'
import type { Ports } from './ports'

/** Open this user's database; the phone's clock is corrected by what it last measured. */
export async function connect(me: Me): Promise<Ports> {
  const db = new Database(me.id)
  phoneClock.offsetMs = (await readFact(db, 'clock_offset_ms')) ?? 0
  const fetchHere: typeof fetch = (input, init) => fetch(input, init)
  return { ...phonePorts(db, me), api: openApi(fetchHere, phoneClock, me.id), deviceId: await deviceId() }
}

/**
 * Run `work` while no other tab and no service worker does the same for this user. Where the browser
 * has no locks it runs at once: everything is idempotent, only the effort is double.
 */
export function alone<T>(userId: string, work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator) || !navigator.locks) return work()
  return navigator.locks.request(`shishibu-sync-${userId}`, work) as Promise<T>
}
