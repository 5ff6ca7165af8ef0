import { describe, expect, it } from 'vitest'

import MatterHistory from '../../src/views/matters/MatterHistory.vue'
import { words } from './drawn'
import { serverMatter } from './fakeServer'

const [raised] = serverMatter('m1').events
const aside = { value: 'unsatisfied' as const, reason: 'unreasonable' as const, text: '不符合规划，已当面说明' }
const shown = (onTheSpot: boolean, events: object[]) => words(MatterHistory, { events: events.map((event) => ({ ...raised, ...event })), onTheSpot })
const read = (...events: object[]) => shown(false, events)

describe('the history', () => {
  it('says below a rating that it does not count, and why: whoever reads it was promised to see that', async () => {
    const said = await read({ id: 'e1' }, { id: 'e2', act: 'reopen', rating: 'unsatisfied', set_aside: aside })
    expect(said).toContain('群众评价：不满意')
    expect(said).toContain('这条评价不计入统计：诉求不合理。理由：不符合规划，已当面说明')
  })

  it('says it below the settlement where the rating was never entered', async () => {
    const said = await read({ id: 'e1' }, { id: 'e2', act: 'resolve', rating: null, set_aside: aside })
    expect(said).toContain('群众评价“不满意”不计入统计：诉求不合理。理由：不符合规划，已当面说明')
  })

  it('says nothing of the kind about a rating that counts', async () => {
    expect(await read({ id: 'e1', act: 'confirm', rating: 'satisfied', set_aside: null })).not.toContain('不计入')
  })

  it('names the day by which a matter is to be resolved, unless it was resolved where it was raised', async () => {
    const settled = [{ id: 'e1', due_day: '2026-04-20' }, { id: 'e2', act: 'resolve', due_day: null }]
    expect(await shown(false, settled)).toContain('4月20日前办结')
    expect(await shown(true, settled)).not.toContain('前办结')
  })
})
