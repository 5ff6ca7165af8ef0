/** Callbacks (回访): what came of a call, and draws. */
import type { components } from '../contract/api'
import { claimNow } from '../domain/days'
import type { CallbackOutcome } from '../domain/records'
import type { Ports } from './ports'

type Schemas = components['schemas']
export type Call = Schemas['Call']
export type Calls = Schemas['Calls']
export type Draw = Schemas['Draw']
export type Draws = Schemas['Draws']
export type Drawn = Schemas['Drawn']
export type DrawProof = Schemas['DrawProof']

export const CALLS = '/api/callbacks'
export const DRAWS = '/api/callbacks/draws'

/**
 * Say what came of a call. The list that is left takes the place of the kept one, so that the resident's number is
 * gone from this phone, too. The answer is how many calls are left. Throws ApiError.
 */
export async function recordOutcome({ api, db, clock }: Ports, id: string, outcome: CallbackOutcome, text: string): Promise<number> {
  const body = await api.post<Calls>(`${CALLS}/${encodeURIComponent(id)}`, { outcome, text: text || null })
  await db.answers.put({ path: CALLS, body, at: claimNow(clock) })
  return body.calls.length
}

/** Draw in a township, or in all of an area; `from` and `to` are both included. Throws ApiError. */
export function drawCallbacks({ api }: Ports, area: string, from: string, to: string): Promise<Drawn> {
  return api.post<Drawn>(DRAWS, { area_code: area, from, to })
}
