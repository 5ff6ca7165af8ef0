/** The way from the administrator's own area down to a place in it, one choice after another. */
import { computed, onMounted, ref } from 'vue'

import { isOffline, problemOf } from '../../sync/api'
import { readArea, type AreaPage } from '../../sync/people'
import { offlineWhile } from '../../sync/problems'
import { portsNow } from '../../sync/session'

export function usePlaces() {
  /** From one of his own areas to the one chosen last. */
  const steps = ref<AreaPage[]>([])
  const problem = ref<string>()
  let asked = 0

  /** Go to `code` (none: his first area) below the first `depth` steps. */
  async function open(depth: number, code?: string): Promise<void> {
    const turn = ++asked
    const ports = portsNow()
    if (!ports) return
    problem.value = undefined
    steps.value = steps.value.slice(0, depth)
    try {
      const page = await readArea(ports, code)
      if (turn === asked) steps.value = [...steps.value, page]
    } catch (error) {
      if (turn === asked) problem.value = isOffline(error) ? offlineWhile.reading : problemOf(error)
    }
  }

  /** Stay at the step `depth`. */
  function stay(depth: number): void {
    asked++
    steps.value = steps.value.slice(0, depth + 1)
  }

  onMounted(() => open(0))
  const place = computed(() => steps.value[steps.value.length - 1])
  return { steps, place, problem, open, stay }
}
