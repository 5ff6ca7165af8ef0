/** A user's store joined with the network: what the page and the service worker sync with. */
import { phoneClock } from '../domain/clock'
import type { Me } from '../domain/records'
import { Database } from '../store/db'
import { recallClock } from '../store/meta'
import { phonePorts } from '../store/ports'
import { currentUser, deviceId } from '../store/registry'
import { ApiError, openApi, type Api } from './api'
import type { Ports } from './ports'
import { problems } from './problems'

/** Open this user's database; the phone's clock is corrected by what it last measured, if that still holds. */
export async function connect(me: Me): Promise<Ports> {
  const db = new Database(me.id)
  await recallClock(db, phoneClock)
  const fetchHere: typeof fetch = (input, init) => fetch(input, init)
  const api = whileSignedIn(me.id, openApi(fetchHere, phoneClock, me.id))
  return { ...phonePorts(db, me), api, deviceId: await deviceId() }
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
