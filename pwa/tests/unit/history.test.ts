import { describe, expect, it } from 'vitest'

import MatterHistory from '../../src/views/matters/MatterHistory.vue'
import { words } from './drawn'
import { serverMatter } from './fakeServer'

const [raised] = serverMatter('m1').events
const aside = { value: 'unsatisfied' as const, reason: 'unreasonable' as const, text: '不符合规划，已当面说明' }
const read = (...events: object[]) => words(MatterHistory, { events: events.map((event) => ({ ...raised, ...event })) })

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
})
