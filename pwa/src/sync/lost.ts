/**
 * A phone that was reported lost, or whose user's account is closed (CONTRACT rule 11): what was not sent is handed in, sealed as it
 * lies here, and then nothing of this user stays. No key is needed for it.
 */
import Dexie from 'dexie'

import { isAgo, phoneClock } from '../domain/clock'
import { deviceNow } from '../domain/days'
import { limits } from '../domain/words'
import { toBase64 } from '../store/base64'
import { Database, databaseName } from '../store/db'
import { beginLeaving, databaseOf, endLeaving, forgetAllButOutbox, leavingUser } from '../store/leaving'
import { currentUser, deviceId } from '../store/registry'
import { isShut, type Row, type Sealer } from '../store/sealed'
import { sealWhatIsPlain } from '../store/sweep'
import { ApiError, openApi } from './api'

/** A 401 comes again with each attempt to sync; the server is asked for the reason now and then, whatever is done to the phone's clock. */
const ASK_AFTER_MS = 60 * 1000
const TRY_EVERY_MS = 60 * 1000
let asked = -Infinity
let finishing: Promise<void> | null = null

const openly = () => openApi((input, init) => fetch(input, init), phoneClock, null)

/**
 * The server turned this phone away: ask how it stands. True when its user must leave it: his rows are gone then, and what he
 * has not sent is being handed in. `sealer`: where the page has it, what still lies there plain is handed in, too.
 */
export async function turnedAway(sealer: Sealer | null = null): Promise<boolean> {
  const me = await currentUser()
  if (!me || !isAgo(asked, ASK_AFTER_MS)) return false
  asked = phoneClock.now()
  try {
    const whose = { user_id: me.id, device_id: await deviceId() }
    const { standing } = await openly().tell<{ standing: string }>('/api/session/standing', whose)
    if (standing !== 'revoked' && standing !== 'closed') return false
  } catch {
    return false // The next 401 asks again.
  }
  await beginLeaving(me.id)
  await forgetAllButOutbox(me.id)
  if (sealer) await sealOutbox(me.id, sealer)
  await finishLeaving()
  return true
}

/** Go on with what a phone without a network, or one that was switched off, has not handed in; tried until it is. */
export function finishLeaving(): Promise<void> {
  finishing ??= handIn()
    .catch(() => {
      if (typeof document !== 'undefined') setTimeout(() => void finishLeaving(), TRY_EVERY_MS)
    })
    .finally(() => (finishing = null))
  return finishing
}

async function handIn(): Promise<void> {
  const userId = await leavingUser()
  if (userId === null) return
  const db = await databaseOf(userId)
  try {
    const rows = db ? ((await db.table('outbox').toArray()) as Row[]) : []
    const sealed = rows.filter(isShut)
    let size = limits.mutations_per_push
    for (let left = sealed; left.length > 0; left = left.slice(size)) {
      while (!(await fits(left.slice(0, size), userId))) size = Math.ceil(Math.min(size, left.length) / 2)
      await db?.table('outbox').bulkDelete(left.slice(0, size).map(({ seq }) => seq as number))
    }
    db?.close()
    // What was never sealed cannot be handed in: it waits for the same person.
    if (sealed.length === rows.length) await Dexie.delete(databaseName(userId))
    await endLeaving(userId)
  } finally {
    db?.close()
  }
}

/** Hand these in. False: they are too large together for one request, and nothing was taken. Throws ApiError. */
async function fits(rows: Row[], user_id: string): Promise<boolean> {
  const entries = rows.map(({ id, sealed }) => ({ id, sealed: toBase64(sealed as Uint8Array) }))
  try {
    await openly().tell('/api/handed-in', { user_id, device_id: await deviceId(), sent_at: deviceNow(phoneClock), entries })
    return true
  } catch (error) {
    if (error instanceof ApiError && error.status === 413 && rows.length > 1) return false
    throw error
  }
}

/** Nothing but the outbox is left of what can be sealed. */
async function sealOutbox(userId: string, sealer: Sealer): Promise<void> {
  const db = new Database(userId)
  await sealWhatIsPlain(db, sealer).finally(() => db.close())
}
