/** An answer that comes in pages, each with the mark of the next. */
import { computed, ref, shallowRef, toValue, watch, type ComputedRef, type MaybeRefOrGetter, type ShallowRef } from 'vue'

import { useAnswer, type AnswerRef } from './answers'

interface PagedAnswer<P, T> {
  /** The first page, with whatever it says besides. */
  first: AnswerRef<P>
  /** The page that was asked for last. */
  further: AnswerRef<P>
  /** What has come so far. */
  items: ShallowRef<T[]>
  /** True while there is more. */
  more: ComputedRef<boolean>
  loadMore: () => void
}

/** The pages of GET `path`; anew from the first when the path changes. */
export function usePagedAnswer<P extends { next: string | null }, T>(
  path: MaybeRefOrGetter<string>,
  itemsOf: (page: P) => T[],
): PagedAnswer<P, T> {
  const nextPage = ref<string | null>(null)
  const items = shallowRef<T[]>([])
  const first = useAnswer<P>(path)
  const further = useAnswer<P>(nextPage)
  const next = computed(() => (nextPage.value ? further.data.value : first.data.value)?.next ?? null)

  watch(
    first.data,
    (page) => {
      nextPage.value = null
      items.value = page ? itemsOf(page) : []
    },
    { immediate: true },
  )
  watch(further.data, (page) => {
    if (page) items.value = [...items.value, ...itemsOf(page)]
  })

  function loadMore() {
    if (further.problem.value) return void further.reload()
    if (!next.value || further.loading.value) return
    const asked = toValue(path)
    nextPage.value = `${asked}${asked.includes('?') ? '&' : '?'}after=${encodeURIComponent(next.value)}`
  }
  const more = computed(() => next.value !== null || Boolean(nextPage.value && !further.data.value))
  return { first, further, items, more, loadMore }
}
