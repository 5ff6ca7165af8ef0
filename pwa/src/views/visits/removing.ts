/** Taking a card out of a visit, and putting it back: what was typed on it must not go with one tap. */
import { nextTick, ref, type Ref } from 'vue'

import { newMatter, type MatterForm, type VisitForm } from '../../store/record'
import { isStarted } from './visitErrors'

export interface Removed {
  matter: MatterForm
  /** Where it was. */
  at: number
  /** It was the only one: an empty card took its place. */
  alone: boolean
}

/** `focusOn` puts the focus on the card that is now at that place. */
export function useRemoving(form: VisitForm, focusOn: (at: number) => void) {
  const removed: Ref<Removed | null> = ref(null)

  async function remove(at: number): Promise<void> {
    const matter = form.matters[at]
    if (!matter) return
    const alone = form.matters.length === 1
    form.matters.splice(at, 1, ...(alone ? [newMatter()] : []))
    if (isStarted(matter)) removed.value = { matter, at, alone }
    await nextTick()
    focusOn(Math.min(at, form.matters.length - 1))
  }

  async function putBack(): Promise<void> {
    if (!removed.value) return
    const { matter, alone } = removed.value
    const at = Math.min(removed.value.at, form.matters.length)
    const inPlace = alone && form.matters[at] && !isStarted(form.matters[at])
    form.matters.splice(at, inPlace ? 1 : 0, matter)
    removed.value = null
    await nextTick()
    focusOn(at)
  }

  return { removed, remove, putBack }
}
