import { allowedActs, isAnswered, type ActRow } from '../../domain/lifecycle'
import type { Act, Matter, Relation, State } from '../../domain/records'
import { states } from '../../domain/words'

/** What the sheet asks for in the sentence of an act. */
const questions: Partial<Record<Act, { label: string; example: string }>> = {
  resolve: { label: '群众的什么变了？', example: '一句话，如：路修好了，车能进组' },
  progress: { label: '办到哪一步了？', example: '如：已和水利站约好周四来看' },
  explain: { label: '怎么解释的？群众怎么说？', example: '如：按政策不能补，已当面讲清依据' },
  unachieve: { label: '做了哪些努力？卡在哪里？', example: '如：找过三家单位，经费没有来源' },
  accept: { label: '说明（可不填）', example: '' },
  return: { label: '为什么退回？', example: '如：属县水利局职责' },
  escalate: { label: '为什么乡镇办不了？需要谁办？', example: '如：要改县道，需县交通局立项' },
  extend: { label: '为什么延期？', example: '如：水泥月底才到' },
  assign: { label: '交办说明（可不填）', example: '' },
  reopen: { label: '为什么要重新办理？', example: '' },
  merge: { label: '说明（可不填）', example: '' },
  withdraw: { label: '为什么撤回？', example: '如：记错了，是另一个村的' },
  correct: { label: '为什么更正？（可不填）', example: '' },
}

const REASON_FOR_LATER = { label: '为什么把期限往后延？', example: '如：水泥月底才到' }

/** `postpones`: with it goes a later day, which nobody gets without a reason. */
export function questionOf(act: Act, postpones = false): { label: string; example: string } {
  return (postpones ? REASON_FOR_LATER : questions[act]) ?? { label: '说明', example: '' }
}

const EVERYBODY: Relation[] = ['author', 'cadre', 'handler', 'coordinator', 'leader', 'township']

/** The row of an act whatever the matter's state: a refused one may be corrected though its time is past. */
export function rowOf(act: Act): ActRow | undefined {
  return (Object.keys(states) as State[]).flatMap((state) => allowedActs(state, EVERYBODY)).find((row) => row.act === act)
}

/** The acts as the person meets them, what is done most often first; withdrawing comes last. */
export function inReach(matter: Pick<Matter, 'state' | 'relations' | 'events'>): ActRow[] {
  const { state, relations } = matter
  const onlyCoordinates = relations.includes('coordinator') && !relations.some((one) => one === 'author' || one === 'cadre')
  const order: Act[] = onlyCoordinates
    ? ['invite', 'accept', 'assign', 'resolve', 'progress']
    : ['invite', 'accept', 'resolve', 'progress', 'assign']
  const rank = (row: ActRow) => (order.includes(row.act) ? order.indexOf(row.act) : row.act === 'withdraw' ? 99 : 50)
  return allowedActs(state, relations, isAnswered(matter)).sort((a, b) => rank(a) - rank(b))
}
