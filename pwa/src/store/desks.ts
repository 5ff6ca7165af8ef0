/** What lies on a coordinator's and on a handler's desk: who must act on what, and what is most pressing. */
import type { Ref } from 'vue'

import { daysOverdue } from '../domain/days'
import { returnReasons } from '../domain/words'
import type { EventRow, MatterRow } from './db'
import { useLive } from './live'
import { currentDay } from './reading'

export interface CoordinatorDesk {
  /** 待交办: the township's own unit has it, because nobody decided who should. */
  unassigned: MatterRow[]
  /** 待协调: given back or sent up. */
  returned: MatterRow[]
  overdue: MatterRow[]
}

export interface HandlerDesk {
  /** 待受理: given to the unit, not yet taken up. */
  given: MatterRow[]
  /** 办理中 */
  inHand: MatterRow[]
  overdue: MatterRow[]
}

/** Both desks of the signed-in person, from the phone alone; undefined: not read yet. */
export function useDesks(): Readonly<Ref<{ coordinator: CoordinatorDesk; handler: HandlerDesk } | undefined>> {
  return useLive(() => {
    const on = currentDay.value
    return async (db) => {
      const open = await db.matters.where('open').equals(1).toArray()
      const homes = new Set((await db.units.filter(({ is_home }) => is_home).toArray()).map(({ id }) => id))
      return { coordinator: coordinatorDesk(open, homes, on), handler: handlerDesk(open, on) }
    }
  })
}

/** `homes`: the townships' own units. What waits longest comes first; what is beyond a township's power before that. */
export function coordinatorDesk(open: MatterRow[], homes: ReadonlySet<string>, on: string): CoordinatorDesk {
  const mine = open.filter(({ relations }) => relations.includes('coordinator'))
  const undecided = ({ state, responsibility_id, unit_id }: MatterRow) =>
    homes.has(unit_id) && (state === 'reopened' || (state === 'raised' && responsibility_id === null))
  return {
    unassigned: mine.filter(undecided).sort((a, b) => Date.parse(a.raised_at) - Date.parse(b.raised_at)),
    returned: mine
      .filter(({ state }) => state === 'returned')
      .sort((a, b) => Number(b.beyond_power_day !== null) - Number(a.beyond_power_day !== null) || waitsSince(a) - waitsSince(b)),
    overdue: overdueOf(mine, on),
  }
}

/** Soonest due first. What was returned is the coordinator's, also where the unit is the township's own. */
export function handlerDesk(open: MatterRow[], on: string): HandlerDesk {
  const mine = open.filter(({ relations, state }) => relations.includes('handler') && state !== 'returned')
  const byDay = (a: MatterRow, b: MatterRow) => (a.due_day < b.due_day ? -1 : a.due_day > b.due_day ? 1 : 0)
  return {
    given: mine.filter(({ state }) => state === 'assigned').sort(byDay),
    inHand: mine.filter(({ state }) => state !== 'assigned').sort(byDay),
    overdue: overdueOf(mine, on),
  }
}

interface WentUp {
  /** The unit that gave it back, or who sent it up. */
  by: string
  how: string
  text: string | null
  at: string
}

/** Why a matter waits for its coordinator: its last return or 上报; null: it was neither. */
export function whyReturned({ events }: Pick<MatterRow, 'events'>): WentUp | null {
  const holding = events.filter(({ refused_because }) => !refused_because)
  const at = holding.map(({ act }) => act === 'return' || act === 'escalate').lastIndexOf(true)
  const event = holding[at]
  if (!event) return null
  const unit = event.act === 'return' ? unitBefore(holding.slice(0, at)) : undefined
  const how = event.act === 'escalate' ? '上报：超出乡镇权限' : `退回：${event.reason ? returnReasons[event.reason] : '没有写原因'}`
  return { by: unit ?? event.actor_name, how, text: event.text, at: event.happened_at }
}

function unitBefore(events: EventRow[]): string | undefined {
  return events.map(({ unit_name }) => unit_name).filter((name) => name !== null).pop()
}

function waitsSince(matter: MatterRow): number {
  return Date.parse(whyReturned(matter)?.at ?? matter.raised_at)
}

function overdueOf(matters: MatterRow[], on: string): MatterRow[] {
  return matters.filter((matter) => daysOverdue(matter, on) > 0).sort((a, b) => daysOverdue(b, on) - daysOverdue(a, on))
}
