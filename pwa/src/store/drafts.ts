/** Half-typed forms, kept on every change, so that a kill loses at most the last keystroke. */
import { onScopeDispose, reactive, ref, toRaw, watch, type Ref } from 'vue'

import { storeNow } from './current'
import { draftWriter } from './draftWriter'
import { draftProblemOf, DRAFT_UNREAD } from './saveProblem'

export interface DraftForm<T> {
  /** The form, reactive. What is assigned to it is kept by itself. */
  value: T
  /** True once what was kept from before is in `value`: show the form only then. */
  ready: Ref<boolean>
  /** Resolves when `ready` is true. */
  loaded: Promise<void>
  /** One sentence while what is typed is not kept. */
  problem: Ref<string | undefined>
  /** Take the draft away and set the form back. */
  clear: () => Promise<void>
}

/** A storage that was busy or just being cleared often answers a moment later. */
const READ_AGAIN_MS = [100, 400, 1500]

/**
 * The draft under `key`, or what `initial` makes where there is none. Fields that an older version
 * of the app did not keep come from `initial`, which is asked again when the form is cleared.
 */
export function useDraft<T extends object>(key: string, initial: () => T): DraftForm<T> {
  const { db } = storeNow()
  const problem = ref<string>()
  const writer = draftWriter(db, key, (error) => (problem.value = error ? draftProblemOf(error) : undefined))
  const value = reactive(plain(initial())) as T
  const ready = ref(false)
  let keeping = false

  async function read(): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        const kept = await db.drafts.get(key)
        // Nothing watches before it is filled: what is read need not be written again.
        if (kept) Object.assign(value, kept.value)
        return
      } catch (error) {
        console.error('draft:', (error as Error).name)
        const wait = READ_AGAIN_MS[tries]
        if (wait === undefined) break
        await new Promise((resolve) => setTimeout(resolve, wait))
      }
    }
    // The form must be usable all the same; what was kept is left for the next time.
    writer.unread = true
    problem.value = DRAFT_UNREAD
  }

  const loaded = read().then(() => {
    keeping = true
    ready.value = true
  })

  const keep = () => {
    if (keeping) writer.write(plain(value))
  }
  // `sync`: a change is on its way to the disk before the next key is pressed.
  watch(() => value, keep, { deep: true, flush: 'sync' })
  onScopeDispose(() => (keeping = false))

  return {
    value,
    ready,
    loaded,
    problem,
    async clear() {
      keeping = false
      await writer.remove()
      const fresh = plain(initial()) as Record<string, unknown>
      const form = value as Record<string, unknown>
      for (const field of Object.keys(form)) if (!(field in fresh)) delete form[field]
      Object.assign(form, fresh)
      keeping = true
    },
  }
}

/** A copy without Vue's proxies, which IndexedDB cannot take. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(toRaw(value))) as T
}
