/** What residents said (群众评价), and what a leader decides about it. */
import type { components } from '../contract/api'
import type { Ports } from './ports'

type Schemas = components['schemas']
export type Rating = Schemas['RatingLine']
export type Ratings = Schemas['Ratings']
export type Decision = Schemas['Decision']

export const RATINGS = '/api/ratings'

/** The rating as it stands then. Throws ApiError. */
export async function decideAboutRating({ api }: Ports, id: string, decision: Decision): Promise<Rating> {
  return (await api.post<Schemas['Decided']>(`${RATINGS}/${encodeURIComponent(id)}/decision`, decision)).rating
}
