/**
 * A phone that was reported lost, or whose user's account is closed (CONTRACT rule 11): what was not sent is handed in, sealed as it
 * lies here, and then nothing of this user stays. No key is needed for it.
 */
import { isAgo, phoneClock } from '../domain/clock'
import { deviceNow } from '../domain/days'
import { limits } from '../domain/words'
import { toBase64 } from '../store/base64'
import { Database } from '../store/db'
import { allLeaving, beginLeaving, databaseOf, endLeaving, forgetAllButOutbox, isLeaving } from '../store/leaving'
import { currentUser, deviceId, type Leaving } from '../store/registry'
import { isShut, type Row, type Sealer } from '../store/sealed'
import { sealWhatIsPlain } from '../store/sweep'
import { ApiError, openApi } from './api'
import { problems } from './problems'

/** A 401 comes again with each attempt to sync; the server is asked for the reason now and then, whatever is done to the phone's clock. */
const ASK_AFTER_MS = 60 * 1000
const TRY_EVERY_MS = 60 * 1000
let asked = -Infinity
let finishing: Promise<void> | null = null
let retry: ReturnType<typeof setTimeout> | undefined

/** What the server says of each entry that was handed in. */
type Taken = { entries?: { id: string }[] }

const openly = () => openApi((input, init) => fetch(input, init), phoneClock, null)

/**
 * The server turned this phone away: ask how it stands. True when its user must leave it: his rows are gone then, and what he has
 * not sent is to be handed in. `sealer`: where the page has it, what still lies there plain can be, too.
 */
export async function turnedAway(sealer: Sealer | null = null): Promise<boolean> {
  const me = await currentUser()
  if (!me || !isAgo(asked, ASK_AFTER_MS)) return false
  asked = phoneClock.now()
  const whose = { user_id: me.id, device_id: await deviceId() }
  try {
    const { standing } = await openly().tell<{ standing: string }>('/api/session/standing', whose)
    if (standing !== 'revoked' && standing !== 'closed') return false
  } catch {
    return false // The next 401 asks again.
  }
  if (sealer) await sealOutbox(me.id, sealer)
  if (!(await beginLeaving(whose))) return false
  await forgetAllButOutbox(me.id)
  return true
}

/**
 * Go on with what a phone without a network, or one that was switched off, has not handed in. A page tries until it is; in the
 * service worker it rejects, so that the browser tries again.
 */
export function finishLeaving(): Promise<void> {
  clearTimeout(retry)
  finishing ??= handInAll()
    .catch((error: unknown) => {
      if (typeof document === 'undefined') throw error
      retry = setTimeout(() => void finishLeaving(), TRY_EVERY_MS)
    })
    .finally(() => (finishing = null))
  return finishing
}

/** One whose turn fails holds up nobody; who must leave meanwhile has his turn, too. */
async function handInAll(): Promise<void> {
  const tried = new Set<string>()
  const failed: unknown[] = []
  for (;;) {
    const gone = (await allLeaving()).find(({ user_id }) => !tried.has(user_id))
    if (!gone) break
    tried.add(gone.user_id)
    await handIn(gone).catch((error: unknown) => failed.push(error))
  }
  if (failed.length > 0) throw failed[0]
}

async function handIn(gone: Leaving): Promise<void> {
  const db = await databaseOf(gone.user_id)
  try {
    // A page that has not noticed records nothing from here on, so that whatever it said was saved is handed in.
    await db?.table('meta').put({ key: 'left', value: gone.device_id })
    let size = limits.mutations_per_push
    // Until he is back, and his rows are his own again.
    while (await isLeaving(gone.user_id)) {
      const rows = db ? ((await db.table('outbox').toArray()) as Row[]) : []
      const some = rows.filter(isShut).slice(0, size)
      if (!db || some.length === 0) {
        db?.close()
        // What was never sealed cannot be handed in: it waits for the same person.
        return await endLeaving(gone.user_id, rows.length === 0)
      }
      // By their ids: who is back meanwhile may have put a corrected one in the place of one that he had recorded.
      if (await fits(some, gone)) await db.table('outbox').where('id').anyOf(some.map(({ id }) => id as string)).delete()
      else size = Math.ceil(some.length / 2)
    }
  } finally {
    db?.close()
  }
}

/** Hand these in. False: they are too large together for one request, and nothing was taken. Throws ApiError. */
async function fits(rows: Row[], gone: Leaving): Promise<boolean> {
  const entries = rows.map(({ id, sealed }) => ({ id: id as string, sealed: toBase64(sealed as Uint8Array) }))
  try {
    const taken = await openly().tell<Taken>('/api/handed-in', { ...gone, sent_at: deviceNow(phoneClock), entries })
    // Something on the way may answer in the server's place: only what it names is kept there.
    const named = new Set(Array.isArray(taken.entries) ? taken.entries.map(({ id }) => id) : [])
    if (!entries.every(({ id }) => named.has(id))) throw new ApiError(200, 'unfinished', problems.unfinished)
    return true
  } catch (error) {
    if (error instanceof ApiError && error.status === 413 && rows.length > 1) return false
    throw error
  }
}

/** Where the pass over an older app's rows was not done yet. */
async function sealOutbox(userId: string, sealer: Sealer): Promise<void> {
  const db = new Database(userId)
  await sealWhatIsPlain(db, sealer).finally(() => db.close())
}
