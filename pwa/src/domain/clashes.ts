/** Two people changed the same field without knowing of each other: the later by the server's order stands. */
import type { Changes, Matter } from './records'

export interface Clash {
  field: keyof Changes
  /** What the first put there, and the second, which stands. */
  first: { value: string | null; by: string }
  second: { value: string | null; by: string }
}

/** The clashes that nobody has settled yet: whoever corrects the field again has seen both. */
export function clashesOf({ events, author_name }: Pick<Matter, 'events' | 'author_name'>): Clash[] {
  const last = new Map<keyof Changes, { by: string; clash?: Clash }>()
  for (const event of events) {
    if (event.refused_because) continue
    for (const { field, before, after, overtook } of event.changes) {
      const first = { value: before, by: last.get(field)?.by ?? author_name }
      const second = { value: after, by: event.actor_name }
      last.set(field, { by: event.actor_name, ...(overtook ? { clash: { field, first, second } } : {}) })
    }
  }
  return [...last.values()].flatMap(({ clash }) => clash ?? [])
}
