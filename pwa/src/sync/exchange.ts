/** Sending and fetching, once, by whoever comes first: a page, another tab or the service worker. */
import { forgetIfGone } from '../store/forget'
import type { Ports } from './ports'
import { synchronise, type Progress } from './synchronise'

/** One exchange with the server (`work`) that leaves nothing of a user who signs out while it runs. */
export async function exchange(ports: Ports, progress?: Progress, work = synchronise): Promise<void> {
  try {
    await alone(ports.me.id, () => work(ports, progress))
  } finally {
    await forgetIfGone(ports.me.id)
  }
}

/**
 * Run `work` while no other tab and no service worker does the same for this user. Where the browser
 * has no locks it runs at once: everything is idempotent, only the effort is double.
 */
function alone<T>(userId: string, work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator) || !navigator.locks) return work()
  return navigator.locks.request(`shishibu-sync-${userId}`, work) as Promise<T>
}
