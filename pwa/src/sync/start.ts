/** The engine is not needed for the first picture: it is fetched right after it (and kept by the service worker). */
import { waitAfter } from './backoff'
import { problems } from './problems'
import { status } from './status'

const fetchEngine = () => import('./engine')
let failed = 0

/** Sync by itself from now on. While the engine cannot be fetched, it is tried again as sending would be. */
export async function startSyncing(): Promise<void> {
  try {
    const engine = await fetchEngine()
    engine.startSyncing()
  } catch {
    failed += 1
    again(() => void startSyncing())
  }
}

/** Send and fetch now. Never rejects: `status` says how it went. */
export async function syncNow(): Promise<void> {
  try {
    const engine = await fetchEngine()
    engine.startSyncing()
    await engine.syncNow()
  } catch {
    status.problem = navigator.onLine === false ? problems.offline : problems.server_down
  }
}

/** Fetch what others wrote, without a word about it. Never rejects. */
export async function lookNow(): Promise<void> {
  try {
    await (await fetchEngine()).lookNow()
  } catch {
    // The engine is not there yet: startSyncing() goes on trying.
  }
}

/** Once: when the network is back, the person returns to the app, or after a while. */
function again(work: () => void): void {
  const timer = setTimeout(go, waitAfter(failed))
  addEventListener('online', go)
  document.addEventListener('visibilitychange', go)
  function go() {
    clearTimeout(timer)
    removeEventListener('online', go)
    document.removeEventListener('visibilitychange', go)
    work()
  }
}
