/** What one tap took away from the list, until something else is changed: the way back stands beside the notice. */
import { computed, shallowRef } from 'vue'

import type { Line } from './lines'

export function useTakenAway(draft: { lines: Line[] }) {
  const away = shallowRef<{ lines: Line[]; sentence: string; left: string }>()
  const told = () => JSON.stringify(draft.lines)
  // The way back would undo what was typed since, too.
  const taken = computed(() => (away.value?.left === told() ? away.value : undefined))

  function takeAway(sentence: string, left: Line[]) {
    const { lines } = draft
    draft.lines = left
    away.value = { lines, sentence, left: told() }
  }

  function undo() {
    if (taken.value) draft.lines = taken.value.lines
    away.value = undefined
  }

  return { taken, takeAway, undo }
}
