/** Who is signed in on this phone. That is the phone's own knowledge, so that it holds without a network. */
import { liveQuery } from 'dexie'
import { reactive } from 'vue'

import { phoneClock } from '../domain/clock'
import type { Me } from '../domain/records'
import { refusalSentence } from '../domain/words'
import { currentStore } from '../store/current'
import { forgetServerCopies, forgetWhoeverIsGone } from '../store/forget'
import { currentUser, forgetCurrentUser, owesSignOut, setCurrentUser, signOutSettled, updateUser } from '../store/registry'
import { ApiError, openApi } from './api'
import { connect } from './connection'
import type { Ports } from './ports'
import { status, watchOutbox } from './status'

/** `ready`: it is known who uses the phone; `me` null: nobody. */
export const session = reactive<{ me: Me | null; ready: boolean }>({ me: null, ready: false })

let ports: Ports | null = null
let following = false
let switching: Promise<void> = Promise.resolve()
/** A sign-out on its way to the server. Whoever signs in stops it: arriving late it would end his session, too. */
let leaving: { told: Promise<void>; stop: AbortController } | null = null

/** What the page syncs with; null while nobody is signed in. */
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
  const { me } = await anonymousApi().signIn(username, password)
  if (!me) throw new ApiError(401, 'sign_in_required', refusalSentence('sign_in_required'))
  await setCurrentUser(me)
  await become(me)
  status.needsPassword = false
  void askToPersist()
}

/** The same person again, after his session expired. Throws ApiError. */
export async function signInAgain(password: string): Promise<void> {
  if (!session.me) return
  await signIn(session.me.username, password)
}

/**
 * Sign out. 'pending': something was not sent or lies under 需处理, and nothing was done; with `force` it
 * stays on the phone until the same person signs in here again. Without a network the phone forgets
 * him at once and tells the server later.
 */
export async function signOut(force = false): Promise<'done' | 'pending'> {
  if (!ports) return 'done'
  const { db, me, api } = ports
  if (!force && (await db.outbox.count()) > 0) return 'pending'
  await forgetCurrentUser(me.id)
  leave(api.signOut)
  await become(null)
  return 'done'
}

/** Note what the server says about the user: his name and what he may do. */
export async function meet(me: Me): Promise<void> {
  if (session.me?.id !== me.id || JSON.stringify(session.me) === JSON.stringify(me)) return
  session.me = me
  await updateUser(me)
}

function anonymousApi() {
  return openApi((input, init) => fetch(input, init), phoneClock, null)
}

function become(me: Me | null): Promise<void> {
  return afterOtherSwitches(() => switchTo(me))
}

function afterOtherSwitches(change: () => Promise<void>): Promise<void> {
  switching = switching.then(change, change)
  return switching
}

async function switchTo(me: Me | null): Promise<void> {
  const left = ports
  if (me && left?.me.id === me.id) {
    left.me = me
    session.me = me
    return
  }
  ports = me ? await connect(me) : null
  currentStore.value = ports
  status.needsPassword = false
  session.me = me
  if (!left) return
  // What this page still does for him fails from here on, rather than write under nobody's eyes.
  left.db.close()
  await forgetServerCopies(left.me.id)
}

/** Someone signs in or out in another tab: this one follows, so that nobody records as somebody else. */
function followOtherTabs(): void {
  if (following) return
  following = true
  liveQuery(currentUser).subscribe({
    next: () => void afterOtherSwitches(followNow).catch(ignoreForNow),
  })
}

/** What the query told may be out of date by now: this page itself has signed somebody in meanwhile. */
async function followNow(): Promise<void> {
  const me = await currentUser()
  if (me?.id !== session.me?.id) await switchTo(me)
}

function leave(tell: (stop: AbortSignal) => Promise<unknown>): void {
  const stop = new AbortController()
  leaving = { stop, told: tell(stop.signal).then(signOutSettled).catch(ignoreForNow) }
}

/** Ask the browser not to clear what is recorded when space runs short. */
async function askToPersist(): Promise<void> {
  try {
    if (navigator.storage?.persist && !(await navigator.storage.persisted())) await navigator.storage.persist()
  } catch {
    // Old browsers do not know it; what is recorded stays all the same.
  }
}

function ignoreForNow(): void {
  // Tried again on the next occasion.
}
