/** The way from the administrator's own area down to a place in it, one choice after another. */
import { computed, onMounted, ref } from 'vue'

import { isOffline, problemOf } from '../../sync/api'
import { readArea, type AreaPage } from '../../sync/people'
import { offlineWhile } from '../../sync/problems'
import { portsNow } from '../../sync/session'

export function usePlaces() {
  /** From one of his own areas to the one chosen last. */
  const steps = ref<AreaPage[]>([])
  /** His own areas. */
  const areas = ref<AreaPage['areas']>([])
  /** Chosen below the first `depth` steps, and on its way. */
  const pending = ref<{ depth: number; code: string }>()
  const problem = ref<string>()
  let asked = 0

  /** Go to `code` (none: his first area) below the first `depth` steps. */
  async function open(depth: number, code?: string): Promise<void> {
    const turn = ++asked
    const ports = portsNow()
    if (!ports) return
    problem.value = undefined
    steps.value = steps.value.slice(0, depth)
    pending.value = code ? { depth, code } : undefined
    try {
      const page = await readArea(ports, code)
      if (turn !== asked) return
      areas.value = page.areas
      steps.value = [...steps.value, page]
    } catch (error) {
      if (turn === asked) problem.value = isOffline(error) ? offlineWhile.reading : problemOf(error)
    } finally {
      if (turn === asked) pending.value = undefined
    }
  }

  /** Stay at the step `depth`. */
  function stay(depth: number): void {
    asked++
    pending.value = undefined
    steps.value = steps.value.slice(0, depth + 1)
  }

  onMounted(() => open(0))
  /** The last step, unless a further one is on its way. */
  const place = computed(() => (pending.value ? undefined : steps.value[steps.value.length - 1]))
  /** What is chosen, from the moment of the choice: whoever is quicker than the network must not get what lies above. */
  const chosen = computed(() => {
    if (!pending.value) return place.value?.area
    const { depth, code } = pending.value
    return steps.value[depth - 1]?.children.find((child) => child.code === code)
  })
  /** The code chosen below the step `depth`; empty: none. */
  const codeBelow = (depth: number) =>
    steps.value[depth + 1]?.area.code ?? (pending.value?.depth === depth + 1 ? pending.value.code : '')
  return { areas, steps, place, chosen, codeBelow, problem, open, stay }
}
