/** Who is signed in on this phone. That is the phone's own knowledge, so that it holds without a network. */
import { liveQuery } from 'dexie'
import { reactive } from 'vue'

import { phoneClock } from '../domain/clock'
import type { Me } from '../domain/records'
import { refusalSentence } from '../domain/words'
import { currentStore } from '../store/current'
import { forgetServerCopies, forgetWhoeverIsGone } from '../store/forget'
import { currentUser, deviceId, forgetCurrentUser, keyRow, owesSignOut, setCurrentUser, signOutSettled } from '../store/registry'
import { ApiError, openApi, type Api } from './api'
import { connect, seal } from './connection'
import { askForKey } from './key'
import type { Ports } from './ports'
import { status, watchOutbox } from './status'

interface Session {
  /** Who uses this phone; null: nobody. */
  me: Me | null
  /** It is known who. */
  ready: boolean
  /** What lies here is sealed, and the key is not at hand: there is no store and nothing to sync. */
  locked: boolean
  /** The key is at hand, and what lies here is not sealed under it yet: a PIN is to be set. */
  pinDue: boolean
  /** Whoever was here may no longer use this phone, and was taken off it. */
  sentAway: boolean
}

export const session = reactive<Session>({ me: null, ready: false, locked: false, pinDue: false, sentAway: false })

let ports: Ports | null = null
let following = false
let switching: Promise<void> = Promise.resolve()
/** A sign-out on its way to the server. Whoever signs in stops it: arriving late it would end his session, too. */
let leaving: { told: Promise<void>; stop: AbortController } | null = null

/** What the page syncs with; null while nobody is signed in, and while it is locked. */
export function portsNow(): Ports | null {
  return ports
}

/** Find out who uses this phone, from the phone alone. Rejects when its storage cannot be opened. */
export async function restore(): Promise<void> {
  watchOutbox()
  await become(await currentUser())
  session.ready = true
  followOtherTabs()
  // Perhaps the server did not hear of the last sign-out; without a network the next start tells it.
  if (!session.me) leave(async (stop) => (await owesSignOut()) && anonymousApi().signOut(stop))
  forgetWhoeverIsGone().catch(ignoreForNow)
}

/** Sign in. Throws ApiError with a sentence for the screen. */
export async function signIn(username: string, password: string): Promise<void> {
  leaving?.stop.abort()
  await leaving?.told
  const api = anonymousApi()
  const { me } = await api.signIn(username, password)
  if (!me) throw new ApiError(401, 'sign_in_required', refusalSentence('sign_in_required'))
  const key = await keyFor(me, api)
  await setCurrentUser(me)
  await become(me, key)
  status.needsPassword = false
  await notePin()
  void import('../store/room').then(({ askToKeep }) => askToKeep(), ignoreForNow)
}

/** What lies sealed on this phone opens with the key alone; where nothing does, it is asked for again later. */
async function keyFor(me: Me, api: Api): Promise<Uint8Array | undefined> {
  try {
    return await askForKey(api, await deviceId())
  } catch (error) {
    const revoked = error instanceof ApiError && error.needsPassword
    if (revoked || (await keyRow(me.id))) throw error
    return undefined
  }
}

/** The same person again, after his session expired. Throws ApiError. */
export async function signInAgain(password: string): Promise<void> {
  if (!session.me) return
  await signIn(session.me.username, password)
}

/** The key is at hand: what lies here is opened. Throws WrongKey. */
export function unlock(key: Uint8Array): Promise<void> {
  const { me } = session
  return afterOtherSwitches(async () => {
    if (me && session.locked && session.me?.id === me.id) await switchTo(me, key)
  })
}

/**
 * Sign out; what was not sent, or lies under 需处理, stays on the phone until the same person signs in here again. Without a network
 * the phone forgets him at once and tells the server later.
 */
export async function signOut(): Promise<void> {
  const { me } = session
  if (!me) return
  await forgetCurrentUser(me.id)
  leave((stop) => (ports?.api ?? anonymousApi()).signOut(stop))
  await become(null)
}

/** Whether this user is still to set his PIN: asked when the key came, and after he set it. */
export async function notePin(): Promise<void> {
  const asked = ports
  const row = asked && (await keyRow(asked.me.id))
  if (asked === ports) session.pinDue = asked?.key !== undefined && !row?.pin && !row?.later && 'subtle' in crypto
}

function anonymousApi() {
  return openApi((input, init) => fetch(input, init), phoneClock, null)
}

function become(me: Me | null, key?: Uint8Array): Promise<void> {
  return afterOtherSwitches(() => switchTo(me, key))
}

function afterOtherSwitches(change: () => Promise<void>): Promise<void> {
  switching = switching.then(change, change)
  return switching
}

async function switchTo(me: Me | null, key?: Uint8Array): Promise<void> {
  const left = ports
  const before = session.me
  if (me && left?.me.id === me.id && (await isThisPhone(left))) {
    left.me = me
    left.key ??= key
    session.me = me
    return
  }
  const locked = me !== null && key === undefined && (await keyRow(me.id)) !== undefined
  ports = me && !locked ? await connect(me, key) : null
  currentStore.value = ports
  status.needsPassword = false
  Object.assign(session, { me, locked, pinDue: false, sentAway: !me && session.sentAway })
  // What this page still does for whoever was here fails from here on, rather than write under nobody's eyes.
  left?.db.close()
  if (before && before.id !== me?.id) await forgetServerCopies(before.id)
}

/** Someone signs in or out, or has what lies here sealed, in another tab: this one follows, so that nobody records as somebody else. */
function followOtherTabs(): void {
  if (following) return
  following = true
  liveQuery(async () => [await currentUser(), session.me && (await keyRow(session.me.id))]).subscribe({
    next: () => void afterOtherSwitches(followNow).catch(ignoreForNow),
  })
}

/** What the query told may be out of date by now: this page itself has signed somebody in meanwhile. */
async function followNow(): Promise<void> {
  const me = await currentUser()
  if (me?.id !== session.me?.id || (ports && !(await isThisPhone(ports)))) return switchTo(me)
  if (!me || !ports || ports.db.holder.sealer || !(await keyRow(me.id))) return
  session.pinDue = false
  if (ports.key) return seal(ports.db, ports.key)
  ports.db.close()
  ports = null
  await switchTo(me)
}

/** A phone that was reported lost is another one once it is empty, and the same person may sign in on it before this page looks. */
async function isThisPhone(connected: Ports): Promise<boolean> {
  return connected.deviceId === (await deviceId())
}

function leave(tell: (stop: AbortSignal) => Promise<unknown>): void {
  const stop = new AbortController()
  leaving = { stop, told: tell(stop.signal).then(signOutSettled).catch(ignoreForNow) }
}

function ignoreForNow(): void {
  // Tried again on the next occasion.
}
