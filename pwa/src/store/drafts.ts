/** Half-typed forms, kept on every change, so that a kill loses at most the last keystroke. */
import { onScopeDispose, reactive, ref, toRaw, watch, type Ref } from 'vue'

import { storeNow } from './current'
import { draftWriter } from './draftWriter'

export interface DraftForm<T> {
  /** The form, reactive. What is assigned to it is kept by itself. */
  value: T
  /** True once what was kept from before is in `value`: show the form only then. */
  ready: Ref<boolean>
  /** Resolves when `ready` is true. */
  loaded: Promise<void>
  /** Take the draft away and set the form back. */
  clear: () => Promise<void>
}

/**
 * The draft under `key`, or `initial` where there is none. Fields that an older version of the app
 * did not keep come from `initial`.
 */
export function useDraft<T extends object>(key: string, initial: T): DraftForm<T> {
  const { db } = storeNow()
  const writer = draftWriter(db, key)
  const value = reactive(plain(initial)) as T
  const ready = ref(false)
  let keeping = false

  // Nothing watches before it is filled: what is read need not be written again.
  const loaded = db.drafts
    .get(key)
    .then((kept) => void (kept && Object.assign(value, kept.value)))
    .catch((error: Error) => console.error('draft:', error.name))
    .then(() => {
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
    async clear() {
      keeping = false
      await writer.remove()
      const fresh = plain(initial) as Record<string, unknown>
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
