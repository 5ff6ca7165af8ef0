/**
 * The codes with which residents rate, as this phone made them: it alone knows them (the server keeps only
 * their fingerprints), so that it can show the QR again.
 */
import { limits } from '../domain/words'
import type { Database, EventRow } from './db'

export interface RatingCode {
  /** The event that it asks about: a settlement, or the invitation after it. */
  id: string
  matter_id: string
  /** 22 characters of base64url: 16 random bytes. */
  code: string
  made_at: string
}

/** An unguessable code. */
export function newCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return btoa(String.fromCharCode(...Array.from(bytes)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')
}

/** The code of an event: the one it has, else a new one, kept in the caller's transaction. */
export async function codeOf(db: Database, eventId: string, matterId: string, madeAt: string): Promise<string> {
  const known = await db.ratingCodes.get(eventId)
  if (known) return known.code
  const code = newCode()
  await db.ratingCodes.put({ id: eventId, matter_id: matterId, code, made_at: madeAt })
  return code
}

/** True while the resident's word about how the matter was settled is still to come. */
export function awaitsRating(events: EventRow[]): boolean {
  const since = sinceSettled(events)
  return since.length > 0 && !since.some(({ rating }) => rating)
}

/** The newest code that this phone has for the settlement that stands and that has not ended; undefined: it has none. */
export function codeFor(events: EventRow[], codes: RatingCode[], now = Date.now()): string | undefined {
  const known = new Map(codes.map((made) => [made.id, made]))
  const lasts = limits.rating_link_days * 24 * 3600 * 1000
  return sinceSettled(events)
    .map(({ id, received_at }) => {
      const made = known.get(id)
      return made && Date.parse(received_at ?? made.made_at) + lasts > now ? made.code : undefined
    })
    .filter((code) => code !== undefined)
    .pop()
}

/** The entries that hold, from the settlement that stands on; none while the matter is open. */
function sinceSettled(events: EventRow[]): EventRow[] {
  const holding = events.filter((event) => !event.refused_because)
  const acts = holding.map(({ act }) => act)
  const settled = Math.max(acts.lastIndexOf('resolve'), acts.lastIndexOf('explain'))
  return settled > acts.lastIndexOf('reopen') ? holding.slice(settled) : []
}
