/** Changes to a list that were begun earlier, and what others have saved since. */
import { nextTick } from 'vue'

import { changesBetween, isChanged, mergedLines } from '../../domain/listLines'
import { NotSaved } from '../../store/saveProblem'
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

/** Have what somebody else saved meanwhile taken in; `reload` asks for it. Throws NotSaved when it does not come. */
export async function takeTheirs(draft: Draft, reload: () => Promise<void>): Promise<void> {
  const known = draft.version
  await reload()
  await nextTick()
  if (draft.version === known) throw new NotSaved('清单刚被别人改过，最新的还没有取到。您改的都还在，请再点一次“保存”。')
}
