/** What residents said (群众评价), and what a leader decides about it. */
import type { components } from '../contract/api'
import type { Ports } from './ports'

type Schemas = components['schemas']
export type Rating = Schemas['RatingLine']
export type Ratings = Schemas['Ratings']
export type Decision = Schemas['Decision']

export const RATINGS = '/api/ratings'

/** Throws ApiError. */
export function decideAboutRating({ api }: Ports, id: string, decision: Decision): Promise<Rating> {
  return api.post<Rating>(`${RATINGS}/${encodeURIComponent(id)}/decision`, decision)
}
