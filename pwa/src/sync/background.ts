/** The service worker's part: the same exchange, without a page. */
import { currentUser } from '../store/registry'
import { ApiError } from './api'
import { connect } from './connection'
import { exchange } from './exchange'

export { BACKGROUND_TAG } from './backgroundTag'

/**
 * Sync for whoever uses the phone. Rejects when the network failed, so that the browser tries again;
 * an expired session waits for the person.
 */
export async function runInServiceWorker(): Promise<void> {
  const me = await currentUser()
  if (!me) return
  const ports = await connect(me)
  try {
    await exchange(ports)
  } catch (error) {
    if (!(error instanceof ApiError && error.needsPassword)) throw error
  } finally {
    ports.db.close()
  }
}
