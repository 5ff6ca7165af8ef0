/** Which matters may be one and the same: proposed to a coordinator, who decides. */
import { diceCoefficient } from 'dice-coefficient'

import { isOpen } from './lifecycle'
import type { Matter } from './records'

const WITHIN_MS = 60 * 24 * 3600 * 1000

/**
 * From which share of common pairs of characters on two texts are proposed as one matter. Tried on a dozen
 * matters of a township told in two people's words (0.38 to 0.67) and on 32 different ones (nine tenths below
 * 0.35; the rest are such as 三组 and 四组水渠堵了, which only a person can tell apart).
 */
const ALIKE = 0.35

export type Told = Pick<Matter, 'id' | 'village_code' | 'title' | 'detail' | 'raised_at' | 'state'>

/** The open matters of the same village, raised within 60 days of it, whose words are alike; the most alike first. */
export function likelyDuplicates<T extends Told>(matter: Told, others: readonly T[]): T[] {
  return others
    .filter(({ id, village_code, state }) => id !== matter.id && village_code === matter.village_code && isOpen(state))
    .filter(({ raised_at }) => Math.abs(Date.parse(raised_at) - Date.parse(matter.raised_at)) <= WITHIN_MS)
    .map((other) => ({ other, alike: likeness(matter, other) }))
    .filter(({ alike }) => alike >= ALIKE)
    .sort((a, b) => b.alike - a.alike)
    .map(({ other }) => other)
}

/** From 0 to 1: of the titles, or of all that was told, where that is more alike. */
function likeness(one: Pick<Told, 'title' | 'detail'>, other: Pick<Told, 'title' | 'detail'>): number {
  const titles = diceCoefficient(bare(one.title), bare(other.title))
  if (!one.detail || !other.detail) return titles
  return Math.max(titles, diceCoefficient(bare(one.title + one.detail), bare(other.title + other.detail)))
}

function bare(text: string): string {
  return text.replace(/[\s\p{P}]/gu, '')
}
