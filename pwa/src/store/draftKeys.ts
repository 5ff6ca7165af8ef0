/** The names under which half-typed forms lie. */
const REFUSED = 'refused:'

export const draftKeys = {
  visit: 'visit',
  /** All acts on a matter begin with `act(matterId)`. */
  act: (matterId: string, act = '') => `act:${matterId}:${act}`,
  /** A leader's words about a matter for the case library. */
  case: (matterId: string) => `case:${matterId}`,
  /** What came of a call, and why a rating is set aside. */
  callback: (callbackId: string) => `callback:${callbackId}`,
  rating: (ratingId: string) => `rating:${ratingId}`,
  /** A county's responsibility list while its coordinator changes it. */
  responsibilities: (county: string) => `responsibilities:${county}`,
  /** An account that an administrator is about to make. */
  person: 'person',
  refused: (mutationId: string) => `${REFUSED}${mutationId}`,
}
