/** The piles on a desk: what each is called, and what may be done with a matter on it at once. */
import { dueDays } from '../../domain/dueDays'
import { allowedActs, type ActRow } from '../../domain/lifecycle'
import type { Act } from '../../domain/records'
import type { CoordinatorDesk, HandlerDesk } from '../../store/desks'
import type { MatterRow } from '../../store/reading'

export type DeskKind = 'coordinator' | 'handler'
export type Pile = 'unassigned' | 'returned' | 'overdue' | 'given' | 'inHand' | 'late'

interface Lying {
  pile: Pile
  label: string
  matters: MatterRow[]
  /** What is said when nothing lies there. */
  nothing: string
}

export const desks = [
  { value: 'coordinator' as const, label: '协调' },
  { value: 'handler' as const, label: '承办' },
]

/** The desk that somebody sees: the one he chose, while it is his. */
export function deskOf(chosen: DeskKind | undefined, { coordinates, handles }: { coordinates: boolean; handles: boolean }): DeskKind {
  if (chosen === 'handler' ? handles : chosen && coordinates) return chosen as DeskKind
  return coordinates ? 'coordinator' : 'handler'
}

export function pilesOf(kind: DeskKind, { coordinator, handler }: { coordinator: CoordinatorDesk; handler: HandlerDesk }): Lying[] {
  if (kind === 'handler') {
    return [
      { pile: 'given', label: '待受理', matters: handler.given, nothing: '没有等着受理的事项。' },
      { pile: 'inHand', label: '办理中', matters: handler.inHand, nothing: '没有正在办理的事项。' },
      { pile: 'late', label: '逾期', matters: handler.overdue, nothing: '没有逾期的事项。' },
    ]
  }
  return [
    { pile: 'unassigned', label: '待交办', matters: coordinator.unassigned, nothing: '没有等着交办的事项。' },
    { pile: 'returned', label: '待协调', matters: coordinator.returned, nothing: '没有退回或上报的事项。' },
    { pile: 'overdue', label: '逾期', matters: coordinator.overdue, nothing: '没有逾期的事项。' },
  ]
}

const AT_ONCE: Record<Pile, Act[]> = {
  unassigned: ['assign'],
  returned: ['assign', 'extend'],
  overdue: ['assign', 'extend'],
  given: ['accept', 'return'],
  inHand: ['resolve', 'progress'],
  late: ['resolve', 'progress'],
}

/** What may be done from the desk, the likeliest first; an extension only while one is left. */
export function actsAtOnce(pile: Pile, matter: MatterRow): ActRow[] {
  const allowed = allowedActs(matter.state, matter.relations)
  return AT_ONCE[pile]
    .map((act) => allowed.find((row) => row.act === act))
    .filter((row) => row !== undefined)
    .filter(({ act }) => act !== 'extend' || dueDays(act, matter).first <= dueDays(act, matter).last)
}
