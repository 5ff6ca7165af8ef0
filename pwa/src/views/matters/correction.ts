/** A correction holds only what was changed; the other fields show the matter as it stands. */
import type { Changes } from '../../domain/records'
import { cleanPhone, cleanText } from '../../domain/text'
import type { MatterRow } from '../../store/reading'

export type Standing = Record<keyof Changes, string>

/** The fields of the matter as it stands; all empty for one that is not on this phone. */
export function standingOf(matter: MatterRow | null): Standing {
  return {
    title: matter?.title ?? '',
    category: matter?.category ?? '',
    detail: matter?.detail ?? '',
    resident_name: matter?.resident?.name ?? '',
    resident_phone: matter?.resident?.phone ?? '',
  }
}

/** What the field shows: what it was changed to (null: it was emptied), else what stands. */
export function shown(changes: Changes | undefined, name: keyof Changes, standing: Standing): string {
  return changes && name in changes ? (changes[name] ?? '') : standing[name]
}

/** What differs from the matter as it stands now; without the matter, all that was changed. */
export function meant(changes: Changes | undefined, matter: MatterRow | null): Changes {
  const standing = standingOf(matter)
  const clean = (name: string, value: string) => (name === 'resident_phone' ? cleanPhone(value) : cleanText(value))
  const all = Object.entries(changes ?? {}) as [keyof Changes, string | null][]
  return Object.fromEntries(all.filter(([name, value]) => !matter || clean(name, value ?? '') !== standing[name])) as Changes
}
