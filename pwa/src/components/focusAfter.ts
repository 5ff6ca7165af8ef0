/** Where the focus goes when a sheet is saved and what opened it is no longer there. */
import { nextTick, watch, type WatchSource } from 'vue'

type Target = () => HTMLElement | null | undefined

/**
 * `shown`: what the page draws, which changes by itself once it was saved; `target`: what is to be read next, else the
 * page's heading. Whoever has the focus somewhere keeps it. Returns what is to be called after saving.
 */
export function useFocusAfter(shown: WatchSource<unknown>, target: Target): () => Promise<void> {
  let awaited = false
  const give = () => {
    if (document.activeElement && document.activeElement !== document.body) return
    const next = target() ?? document.querySelector<HTMLElement>('h1')
    next?.focus({ preventScroll: true })
  }
  watch(
    shown,
    () => {
      if (awaited) give()
      awaited = false
    },
    { flush: 'post' },
  )
  return async () => {
    awaited = true
    await nextTick()
    // The sheet has closed by then, and given the focus back if it could.
    await new Promise((resolve) => setTimeout(resolve))
    give()
  }
}

/** The id of a list's row, by which it is found again. */
export const rowId = (id: string): string => `row-${id}`

/** The first thing to tap in a row; nothing, when the row is not drawn. */
export const inRow = (id: string | undefined): HTMLElement | null | undefined =>
  id === undefined ? undefined : document.getElementById(rowId(id))?.querySelector<HTMLElement>('a, button')

/** Which row is read next when this one goes: the one below it, else the one above. */
export function rowBeside(rows: readonly { id: string }[], id: string): string | undefined {
  const at = rows.findIndex((row) => row.id === id)
  return (rows[at + 1] ?? rows[at - 1])?.id
}
