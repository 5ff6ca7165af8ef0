/** How what was handed in is called, and whose it is. */
import { actLabel } from '../../domain/lifecycle'
import { visitKinds } from '../../domain/words'
import type { HandedIn } from '../../sync/handedIn'

export interface Left {
  authorId: string
  name: string
  phone: string
  entries: HandedIn[]
}

/** Person by person, in the order of the phone. */
export function byAuthor(entries: readonly HandedIn[]): Left[] {
  const found = new Map<string, Left>()
  for (const entry of entries) {
    const left = found.get(entry.author_id) ?? { authorId: entry.author_id, name: entry.author_name, phone: entry.phone, entries: [] }
    left.entries.push(entry)
    found.set(entry.author_id, left)
  }
  return [...found.values()]
}

export function headingOf({ visit, act, correction }: HandedIn): string {
  if (visit) return `${visitKinds[visit.kind]}：${whatOf(visit.matters.map(({ title }) => title))}`
  if (act) return `${actLabel(act.act)}：${act.title ?? '已经没有的事项'}`
  if (correction) return `更正：${correction.title ?? '已经没有的事项'}`
  return '看不懂的一条'
}

function whatOf([first, ...more]: string[]): string {
  if (first === undefined) return '没有事项的下访'
  return more.length > 0 ? `${first}等 ${more.length + 1} 件` : first
}
