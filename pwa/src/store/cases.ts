/** The case library on this phone: read and searched without a network. */
import { toValue, type MaybeRefOrGetter, type Ref } from 'vue'

import type { Case } from '../domain/records'
import { categories } from '../domain/words'
import type { Database } from './db'
import { useLive } from './live'
import { writeFact } from './meta'

/** The newest first; undefined: not read yet. */
export function useCases(): Readonly<Ref<Case[] | undefined>> {
  return useLive(() => async (db) => {
    const cases = await db.cases.toArray()
    return cases.sort((a, b) => Date.parse(b.made_at) - Date.parse(a.made_at))
  })
}

/** One case; undefined: not read yet, null: not in the library. */
export function useCase(id: MaybeRefOrGetter<string>): Readonly<Ref<Case | null | undefined>> {
  return useLive(() => {
    const wanted = toValue(id)
    return async (db) => (await db.cases.get(wanted)) ?? null
  })
}

/** The cases in which every word of `search` occurs, of one category or of all (''). */
export function searchCases(cases: Case[], search: string, category: Case['category'] | ''): Case[] {
  const words = search.trim().toLowerCase().split(/\s+/).filter(Boolean)
  return cases.filter((each) => {
    if (category && each.category !== category) return false
    const text = [each.title, each.problem, each.deed, categories[each.category]].join('\n').toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** The library as the server has it now, in place of what was here. */
export async function keepCases(db: Database, cases: Case[], asked: { etag: string | undefined; asked_ms: number }): Promise<void> {
  await db.transaction('rw', db.cases, db.meta, async () => {
    await db.cases.clear()
    await db.cases.bulkPut(cases)
    await writeFact(db, 'cases', asked)
  })
}
