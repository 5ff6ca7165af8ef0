/** The villages a person may record in: his own first, those he was in lately before the others. */
import type { Ref } from 'vue'

import type { Area } from '../domain/records'
import type { Database } from './db'
import { useLive } from './live'

export interface Village extends Area {
  townshipName: string
  /** He recorded a visit there lately. */
  recent: boolean
}

const RECENT_VISITS = 50

/** Live, for the screen; undefined: not read yet. */
export function useVillages(): Readonly<Ref<Village[] | undefined>> {
  return useLive(() => readVillages)
}

export async function readVillages(db: Database): Promise<Village[]> {
  const areas = await db.areas.toArray()
  const names = new Map(areas.map((area) => [area.code, area.name]))
  const lately = await db.visits.orderBy('happened_at').reverse().limit(RECENT_VISITS).toArray()
  lately.sort((a, b) => Date.parse(b.happened_at) - Date.parse(a.happened_at))
  const rank = new Map<string, number>()
  for (const { village_code } of lately) if (!rank.has(village_code)) rank.set(village_code, rank.size)
  const rankOf = (area: Area) => rank.get(area.code) ?? RECENT_VISITS
  return areas
    .filter((area) => area.level === 'village')
    .sort((a, b) => Number(b.own) - Number(a.own) || rankOf(a) - rankOf(b) || (a.code < b.code ? -1 : 1))
    .map((area) => ({ ...area, townshipName: names.get(area.parent_code ?? '') ?? '', recent: rank.has(area.code) }))
}

/** What is looked for. Keyboards put marks and spaces between the syllables while pinyin is being typed: d'q'c. */
export function wantedVillage(text: string): string {
  return text.replace(/[\s'’‘]+/g, '').toLowerCase()
}

/**
 * The villages whose name or pinyin initials hold `text`, best match first, else in their own order:
 * name begins with it, initials begin with it, name holds it, initials hold it.
 */
export function searchVillages(villages: Village[], text: string): Village[] {
  const wanted = wantedVillage(text)
  if (!wanted) return villages
  const found: Village[][] = [[], [], [], []]
  for (const village of villages) {
    const inName = village.name.toLowerCase().indexOf(wanted)
    const inInitials = village.initials.toLowerCase().indexOf(wanted)
    const how = inName === 0 ? 0 : inInitials === 0 ? 1 : inName > 0 ? 2 : inInitials > 0 ? 3 : -1
    if (how >= 0) found[how]?.push(village)
  }
  return found.flat()
}
