/** A user's store joined with the network: what the page and the service worker sync with. */
import { phoneClock } from '../domain/clock'
import type { Me } from '../domain/records'
import { Database } from '../store/db'
import { recallClock } from '../store/meta'
import { phonePorts } from '../store/ports'
import { currentUser, deviceId, keyRow, registry } from '../store/registry'
import { ApiError, openApi, type Api } from './api'
import type { Ports } from './ports'
import { problems } from './problems'

/**
 * Open this user's database, with his key where its rows are sealed; the phone's clock is corrected by what it last measured,
 * if that still holds. Throws WrongKey.
 */
export async function connect(me: Me, key?: Uint8Array): Promise<Ports> {
  const db = new Database(me.id)
  try {
    if (key && (await keyRow(me.id))) await seal(db, key)
    await recallClock(db, phoneClock)
  } catch (error) {
    db.close()
    throw error
  }
  const fetchHere: typeof fetch = (input, init) => fetch(input, init)
  const api = whileSignedIn(me.id, openApi(fetchHere, phoneClock, me.id))
  return { ...phonePorts(db, me, await deviceId()), api, ...(key ? { key } : {}) }
}

/** From now on rows are sealed; what lies there as it was written is sealed by and by. */
export async function seal(db: Database, key: Uint8Array): Promise<void> {
  if (db.holder.sealer) return
  const sealing = (db.holder.sealer = (await import('../store/seal')).sealer(key, db.userId))
  if ((await keyRow(db.userId))?.swept) return
  const sweep = async () => {
    await (await import('../store/sweep')).sealWhatIsPlain(db, sealing)
    await registry.keys.update(db.userId, { swept: true })
  }
  sweep().catch((error: unknown) => console.error('sealing:', (error as Error).name)) // The next start goes on.
}

/**
 * The API for as long as this user uses the phone. A request may be under way for a minute, and he may
 * sign out meanwhile, here or in another tab: what it brings must not be written after that.
 */
function whileSignedIn(userId: string, api: Api): Api {
  async function ifStillHere<T>(answer: T): Promise<T> {
    if ((await currentUser())?.id !== userId) throw new ApiError(0, 'unfinished', problems.unfinished)
    return answer
  }
  return {
    ...api,
    openSession: () => api.openSession().then(ifStillHere),
    get: <T>(path: string) => api.get<T>(path).then(ifStillHere),
    getIfChanged: <T>(path: string, tag: string | undefined) => api.getIfChanged<T>(path, tag).then(ifStillHere),
    post: <T>(path: string, body: unknown) => api.post<T>(path, body).then(ifStillHere),
    put: <T>(path: string, body: unknown) => api.put<T>(path, body).then(ifStillHere),
    delete: <T>(path: string) => api.delete<T>(path).then(ifStillHere),
    upload: <T>(path: string, file: File) => api.upload<T>(path, file).then(ifStillHere),
  }
}
