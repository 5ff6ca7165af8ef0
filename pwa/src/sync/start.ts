/** The engine is not needed for the first picture: it is fetched right after it (and kept by the service worker). */
import { problems } from './problems'
import { status } from './status'

const fetchEngine = () => import('./engine')

/** Sync by itself from now on. */
export async function startSyncing(): Promise<void> {
  try {
    const engine = await fetchEngine()
    engine.startSyncing()
  } catch {
    // The network went before it came: it begins when the network is back.
    addEventListener('online', () => void startSyncing(), { once: true })
  }
}

/** Send and fetch now. Never rejects: `status` says how it went. */
export async function syncNow(): Promise<void> {
  try {
    const engine = await fetchEngine()
    await engine.syncNow()
  } catch {
    status.problem = problems.offline
  }
}
