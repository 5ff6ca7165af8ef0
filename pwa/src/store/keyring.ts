/** The user's key under his PIN, on this phone. */
import { lengthOf } from '../domain/text'
import { registry, type KeyRow } from './registry'
import { sealer } from './seal'
import { WrongKey } from './sealed'

export const PIN_LENGTH = 6
/** OWASP's count for PBKDF2 with SHA-256 (2023): about a second on a cheap phone. */
const ROUNDS = 600_000
const FREE_TRIES = 3
const LAST_TRY = 10
const FIRST_WAIT_MS = 30 * 1000
const LONGEST_WAIT_MS = 3600 * 1000

/** What became of a PIN: the key, or how long to wait now, or that PINs open nothing any more. */
export type Tried = { key: Uint8Array } | { wrong: true; waitMs: number } | { spent: true }

/** Without WebCrypto (a page that is not served by HTTPS) there is no PIN, and rows stay as they are. */
export function canHavePin(): boolean {
  return typeof crypto === 'object' && 'subtle' in crypto
}

/** Why this is no PIN; undefined: it is one. */
export function pinProblem(pin: string): string | undefined {
  if (!/^\d*$/.test(pin) || lengthOf(pin) !== PIN_LENGTH) return `请输入 ${PIN_LENGTH} 位数字。`
  return isGuessed(pin) ? '这个太容易猜到，请换一个。' : undefined
}

/** One figure six times, two by turns, or a run up or down: what is tried first. */
function isGuessed(pin: string): boolean {
  const steps = Array.from(pin.slice(1), (figure, at) => (Number(figure) - Number(pin[at]) + 10) % 10)
  const first = steps[0] as number
  const even = steps.every((step) => step === first) && (first === 0 || first === 1 || first === 9)
  return even || /^(\d\d)\1\1$/.test(pin) || /^(\d{3})\1$/.test(pin)
}

/** From now on what lies here is sealed, and this PIN opens it (null: none does). What lay here before is not sealed by it yet. */
export async function keepKey(userId: string, key: Uint8Array, pin: string | null): Promise<void> {
  const wrapped = pin === null ? null : await wrap(userId, key, pin)
  await registry.transaction('rw', registry.keys, registry.facts, async () => {
    // He may have signed out while the PIN was being stretched.
    if ((await registry.facts.get('current_user'))?.value !== userId) return
    const swept = (await registry.keys.get(userId))?.swept ?? false
    await registry.keys.put({ user_id: userId, pin: wrapped, later: pin === null, wrong: 0, blocked_until: 0, swept })
  })
}

/** Try a PIN. It is counted before it is tried: pulling the battery out in between gives no further try. */
export async function tryPin(userId: string, pin: string, now = Date.now()): Promise<Tried> {
  const row = await registry.transaction('rw', registry.keys, async () => {
    const known = await registry.keys.get(userId)
    if (!known?.pin || known.wrong >= LAST_TRY) return undefined
    if (waitOf(known, now) > 0) return known
    const wrong = known.wrong + 1
    const counted = { ...known, wrong, blocked_until: now + waitAfter(wrong) }
    await registry.keys.put(counted)
    return { ...counted, blocked_until: 0 }
  })
  if (!row?.pin) return spent(userId)
  if (row.blocked_until > 0) return { wrong: true, waitMs: waitOf(row, now) }
  const key = await unwrap(userId, row.pin, pin)
  if (key) {
    await registry.keys.update(userId, { wrong: 0, blocked_until: 0 })
    return { key }
  }
  if (row.wrong < LAST_TRY) return { wrong: true, waitMs: waitAfter(row.wrong) }
  return spent(userId)
}

async function spent(userId: string): Promise<Tried> {
  await registry.keys.update(userId, { pin: null })
  return { spent: true }
}

/** How long no PIN is tried now, in ms. A clock that was set back makes nobody wait longer than he would have to. */
export function waitOf(row: Pick<KeyRow, 'wrong' | 'blocked_until'>, now = Date.now()): number {
  return Math.max(0, Math.min(row.blocked_until - now, waitAfter(row.wrong)))
}

function waitAfter(wrong: number): number {
  return wrong <= FREE_TRIES ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (wrong - FREE_TRIES - 1))
}

const PLACE = ['key', 'pin'] as const

async function wrap(userId: string, key: Uint8Array, pin: string): Promise<NonNullable<KeyRow['pin']>> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const under = sealer(await stretched(pin, salt, ROUNDS), userId)
  return { salt, rounds: ROUNDS, sealed: under.seal(...PLACE, Array.from(key)) }
}

/** null: it is not this PIN. */
async function unwrap(userId: string, { salt, rounds, sealed }: NonNullable<KeyRow['pin']>, pin: string): Promise<Uint8Array | null> {
  try {
    return Uint8Array.from(sealer(await stretched(pin, salt, rounds), userId).open(...PLACE, sealed) as number[])
  } catch (error) {
    if (error instanceof WrongKey) return null
    throw error
  }
}

async function stretched(pin: string, salt: Uint8Array, rounds: number): Promise<Uint8Array> {
  const given = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits'])
  const how = { name: 'PBKDF2', hash: 'SHA-256', salt: salt as BufferSource, iterations: rounds }
  return new Uint8Array(await crypto.subtle.deriveBits(how, given, 256))
}
