/** How a place is called on this phone: with its township where there are several, since villages share names. */
import { computed, type Ref } from 'vue'

import { townshipOf } from '../domain/areas'
import { useLive } from './live'

/** The names of the townships on this phone by their codes; undefined: not read yet. */
export function useTownships(): Readonly<Ref<Map<string, string> | undefined>> {
  return useLive(() => async (db) => {
    const townships = await db.areas.filter(({ level }) => level === 'township').toArray()
    return new Map(townships.map(({ code, name }) => [code, name]))
  })
}

/** Names a village; with several townships, after its own. */
export function usePlaceNames(): Readonly<Ref<(village: { village_code: string; village_name: string }) => string>> {
  const townships = useTownships()
  return computed(() => ({ village_code, village_name }) => {
    const township = (townships.value?.size ?? 0) > 1 && townships.value?.get(townshipOf(village_code))
    return township ? `${township} ${village_name}` : village_name
  })
}
