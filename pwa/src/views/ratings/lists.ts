/** Which ratings a leader looks through. */
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
