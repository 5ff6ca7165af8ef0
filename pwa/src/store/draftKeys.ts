/** The names under which half-typed forms lie. */
const REFUSED = 'refused:'

export const draftKeys = {
  visit: 'visit',
  /** All acts on a matter begin with `act(matterId)`. */
  act: (matterId: string, act = '') => `act:${matterId}:${act}`,
  /** A leader's words about a matter for the case library. */
  case: (matterId: string) => `case:${matterId}`,
  refused: (mutationId: string) => `${REFUSED}${mutationId}`,
}
