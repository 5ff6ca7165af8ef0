/** Dexie's live queries as Vue refs. */
import { liveQuery } from 'dexie'
import { onScopeDispose, shallowRef, watchEffect, type ShallowRef } from 'vue'

import { currentStore } from './current'
import type { Database } from './db'

/**
 * The result of `query`, again whenever the tables that it read change, here or in another tab;
 * undefined before the first result and while nobody is signed in. `ask` is run reactively:
 * read refs in it and return the query.
 */
export function useLive<T>(ask: () => (db: Database) => Promise<T>): Readonly<ShallowRef<T | undefined>> {
  const result = shallowRef<T>()
  let shown: Database | undefined
  watchEffect((onCleanup) => {
    const db = currentStore.value?.db
    const query = ask()
    // One person's rows never stay on the screen of the next.
    if (db !== shown) result.value = undefined
    shown = db
    if (!db) return
    const subscription = liveQuery(() => query(db)).subscribe({
      next: (value) => (result.value = value),
      error: (error: unknown) => console.error('store:', (error as Error).name),
    })
    onCleanup(() => subscription.unsubscribe())
  })
  onScopeDispose(() => (result.value = undefined))
  return result
}
