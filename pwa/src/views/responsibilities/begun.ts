/** Changes to a list that were begun earlier, and what others have saved since. */
import { changesBetween, isChanged, mergedLines } from '../../domain/listLines'
import type { Line } from './lines'

export interface Draft {
  /** The version and lines that the changes were begun from; '': nothing was begun. */
  version: string
  base: Line[]
  lines: Line[]
}

/**
 * Begin from the newest list, or bring what was begun on top of it. `merged`: somebody else has changed it meanwhile;
 * `same`: it says what was wanted here, so that it was saved though no answer came.
 */
export function takeNewest(draft: Draft, version: string, theirs: Line[]): 'begun' | 'merged' | 'same' | null {
  if (draft.version === version) return null
  const wanted = draft.version && isChanged(changesBetween(draft.base, draft.lines))
  draft.lines = wanted ? mergedLines(draft.base, draft.lines, theirs) : theirs.map((line) => ({ ...line }))
  Object.assign(draft, { version, base: theirs })
  if (!wanted) return 'begun'
  return isChanged(changesBetween(theirs, draft.lines)) ? 'merged' : 'same'
}
