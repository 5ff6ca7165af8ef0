/**
 * The interpreter of the lifecycle table (contract/lifecycle.json): the same questions and
 * answers as server/domain/lifecycle.py. tests/contract/lifecycle_cases.json holds both to it.
 */
import lifecycle from '../contract/lifecycle.json'
import type { Act, Matter } from './records'

interface TableRow {
  act: string
  label: string
  sources: string[]
  target: string | null
  by: string[]
  needs: string[]
  takes: string[]
  until_answered: boolean
}

/** What somebody may do now: the act, its button's word, the arguments that it needs and takes. */
export interface ActRow {
  act: Act
  label: string
  needs: string[]
  takes: string[]
}

export type LifecycleRefusal = 'act_unknown' | 'not_allowed' | 'state_forbids' | 'resident_answered'

const table: readonly TableRow[] = lifecycle.acts
const stateTable: Record<string, { label: string; open: boolean } | undefined> = lifecycle.states
const passing: Record<string, string[] | undefined> = lifecycle.passing

function mayDo(row: TableRow, relations: readonly string[]): boolean {
  return row.by.some((relation) => relations.includes(relation))
}

/** They have this relation until another unit becomes responsible: they are late, not wrong. */
function hadUntil(relation: string, relations: readonly string[]): boolean {
  return passing[relation]?.some((who) => relations.includes(who)) ?? false
}

/** True if its history holds what a resident said: whether that counts is seen only by the server. */
export function isAnswered({ events }: Pick<Matter, 'events'>): boolean {
  return events.some(({ rating }) => rating)
}

/**
 * Why `act` is refused, or null. `state_forbids`, `resident_answered`: it comes too late and is kept as a note.
 * `answered`: a resident has said what he thinks of the matter.
 */
export function refusal(act: string, state: string, relations: readonly string[], answered = false): LifecycleRefusal | null {
  const rows = table.filter((row) => row.act === act)
  if (rows.length === 0) return 'act_unknown'
  const mine = rows.filter((row) => mayDo(row, relations))
  if (mine.length === 0) return rows.some((row) => row.by.some((relation) => hadUntil(relation, relations))) ? 'state_forbids' : 'not_allowed'
  if (!mine.some((row) => row.sources.includes(state))) return 'state_forbids'
  return answered && rows.some((row) => row.until_answered) ? 'resident_answered' : null
}

/** The state after an allowed `act`. Throws where the table has no such step. */
export function nextState(act: string, state: string): string {
  const row = table.find((each) => each.act === act && each.sources.includes(state))
  if (!row) throw new Error(`${act} is not possible in ${state}`)
  return row.target ?? state
}

/** What someone with `relations` may do now, in the table's order, each act once. */
export function allowedActs(state: string, relations: readonly string[], answered = false): ActRow[] {
  return table
    .filter((row) => row.sources.includes(state) && mayDo(row, relations) && !(answered && row.until_answered))
    .filter((row, at, rows) => rows.findIndex((other) => other.act === row.act) === at)
    .map(({ act, label, needs, takes }) => ({ act: act as Act, label, needs, takes }))
}

/** The word for an act of a history entry; `raise` is not in the table. */
export function actLabel(act: string): string {
  return act === 'raise' ? '登记' : (table.find((row) => row.act === act)?.label ?? act)
}

/** True while somebody still has to do something about the matter. */
export function isOpen(state: string): boolean {
  return stateTable[state]?.open ?? false
}
