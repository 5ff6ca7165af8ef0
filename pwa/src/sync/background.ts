/** The service worker's part: the same exchange, without a page. */
import { phoneClock } from '../domain/clock'
import type { Me } from '../domain/records'
import { currentUser, deviceId, keyRow } from '../store/registry'
import { ApiError, openApi } from './api'
import { connect } from './connection'
import { exchange } from './exchange'
import { askForKey } from './key'
import { finishLeaving, turnedAway } from './lost'
import type { Ports } from './ports'

export { BACKGROUND_TAG } from './backgroundTag'

/** There is a network then: where rows are sealed, the server is asked for the key. Throws ApiError. */
async function connectWithKey(me: Me): Promise<Ports> {
  if (!(await keyRow(me.id))) return connect(me)
  const api = openApi((input, init) => fetch(input, init), phoneClock, me.id)
  return connect(me, await askForKey(api, await deviceId()))
}

/**
 * Sync for whoever uses the phone. Rejects when the network failed, so that the browser tries again;
 * an expired session waits for the person.
 */
export async function runInServiceWorker(): Promise<void> {
  const me = await currentUser()
  if (me) await syncFor(me)
  await finishLeaving()
}

async function syncFor(me: Me): Promise<void> {
  let ports: Ports | null = null
  try {
    ports = await connectWithKey(me)
    await exchange(ports)
  } catch (error) {
    if (!(error instanceof ApiError && error.needsPassword)) throw error
    await turnedAway(ports?.db.holder.sealer)
  } finally {
    ports?.db.close()
  }
}
