/** Which ratings a leader looks through, and which of them stay on a list once he has decided. */
import type { Rating } from '../../sync/ratings'

export const lists = [
  { value: 'held' as const, label: '待核实', nothing: '没有待核实的评价。' },
  { value: 'unsatisfied' as const, label: '不满意', nothing: '没有不满意的评价。' },
  { value: 'set_aside' as const, label: '不计入', nothing: '没有不计入的评价。' },
  { value: 'all' as const, label: '全部', nothing: '还没有群众评价。' },
]
export type ListName = (typeof lists)[number]['value']

export function listNamed(name: string | undefined): ListName {
  return lists.find(({ value }) => value === name)?.value ?? 'held'
}

const stays: Record<ListName, (rating: Rating) => boolean> = {
  held: ({ held }) => held,
  unsatisfied: ({ value, held, set_aside_reason }) => value === 'unsatisfied' && !held && !set_aside_reason,
  set_aside: ({ set_aside_reason }) => set_aside_reason !== null,
  all: () => true,
}

/** The rows of a list once one of them was decided about: the others stay where they were read. */
export function afterDecision(rows: Rating[], decided: Rating, list: ListName): Rating[] {
  return rows.map((row) => (row.id === decided.id ? decided : row)).filter((row) => row.id !== decided.id || stays[list](row))
}
