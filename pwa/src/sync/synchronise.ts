/**
 * One whole exchange with the server. The page, the service worker and the simulator run this same function; it is safe to be cut at
 * any point, as the simulator does, and to run twice at once, where exchange.ts cannot let one wait for the other.
 */
import { correctedNow } from '../domain/clock'
import { claimNow } from '../domain/days'
import type { Me } from '../domain/records'
import { noteClock, readFact, writeFact } from '../store/meta'
import { isPhoneFull } from '../store/saveProblem'
import { fetchCasesNowAndThen } from './cases'
import { bind } from './key'
import type { Ports } from './ports'
import { pull } from './pull'
import { push } from './push'
import { fetchReference } from './reference'

export interface Progress {
  sending?: () => void
  /** How many records this exchange has received so far, and about how many are still to come. */
  fetching?: (received: number, left: number) => void
  /** The user as the server knows him now. */
  met?: (me: Me) => void
  /** The server was asked for the user's key. */
  bound?: () => void
}

const SEEN_BY_THE_MINUTE_MS = 60 * 1000

/** Only fetch what changed. Throws ApiError, 401 also when the page token ended: a whole exchange puts that right. */
export async function fetchChanges(ports: Ports): Promise<void> {
  const { db, clock } = ports
  await pull(ports)
  const last = Date.parse((await readFact(db, 'last_synced_at')) ?? '')
  if (!(correctedNow(clock) - last < SEEN_BY_THE_MINUTE_MS)) await writeFact(db, 'last_synced_at', claimNow(clock))
}

/**
 * Push until the outbox has nothing sendable, then fetch places and units (a first-time user can
 * record as soon as he has them) and what changed. Throws ApiError: 401 when the password is needed.
 */
export async function synchronise(ports: Ports, progress: Progress = {}): Promise<void> {
  const { api, db, clock } = ports
  await keepClock(ports)
  const { me } = await api.openSession()
  await keepClock(ports)
  if (me) {
    ports.me = me
    progress.met?.(me)
    await bind(ports)
    progress.bound?.()
  }
  do {
    progress.sending?.()
    await push(ports)
    progress.fetching?.(0, 0)
    await fetchReference(ports)
    await pull(ports, progress.fetching)
  } while ((await db.outbox.where('status').equals('waiting').count()) > 0)
  await writeFact(db, 'last_synced_at', claimNow(clock))
  await fetchCasesNowAndThen(ports)
}

/** What is not noted of the clock costs little: a phone that is full must still send what it holds. */
async function keepClock({ db, clock }: Ports): Promise<void> {
  try {
    await noteClock(db, clock)
  } catch (error) {
    if (!isPhoneFull(error)) throw error
  }
}
