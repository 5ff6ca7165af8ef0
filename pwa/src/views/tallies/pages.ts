import { computed, ref, shallowRef, watch, type Ref } from 'vue'

import { useAnswer } from '../../sync/answers'

/** A list that the server gives page by page: `next` is the mark of the page after. */
export function usePages<Page extends { next: string | null }, Row>(path: Readonly<Ref<string>>, rowsOf: (page: Page) => Row[]) {
  const rows = shallowRef<Row[]>([])
  const nextPage = ref<string | null>(null)
  const first = useAnswer<Page>(path)
  const further = useAnswer<Page>(nextPage)
  const next = computed(() => (nextPage.value ? further.data.value : first.data.value)?.next ?? null)

  watch(
    first.data,
    (page) => {
      nextPage.value = null
      rows.value = page ? rowsOf(page) : []
    },
    { immediate: true },
  )
  watch(further.data, (page) => {
    if (page) rows.value = [...rows.value, ...rowsOf(page)]
  })

  function loadMore() {
    if (next.value && !further.loading.value) nextPage.value = `${path.value}&after=${encodeURIComponent(next.value)}`
  }
  return { rows, first, further, loadMore }
}
