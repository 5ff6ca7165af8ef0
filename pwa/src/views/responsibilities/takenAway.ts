/** What one tap took away from the list, until the next one does: the way back stands beside the notice. */
import { shallowRef } from 'vue'

import type { Line } from './lines'

export function useTakenAway(draft: { lines: Line[] }) {
  const taken = shallowRef<{ lines: Line[]; sentence: string }>()

  function takeAway(sentence: string, left: Line[]) {
    taken.value = { lines: draft.lines, sentence }
    draft.lines = left
  }

  function undo() {
    if (taken.value) draft.lines = taken.value.lines
    taken.value = undefined
  }

  return { taken, takeAway, undo }
}
