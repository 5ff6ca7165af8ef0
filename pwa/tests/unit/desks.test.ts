import { describe, expect, it } from 'vitest'

import { likelyDuplicates } from '../../src/domain/duplicates'
import type { Matter, MatterEvent } from '../../src/domain/records'
import type { MatterRow } from '../../src/store/db'
import { coordinatorDesk, handlerDesk, whyReturned } from '../../src/store/desks'
import { actsAtOnce, deskOf } from '../../src/views/desk/piles'
import { OTHER_VILLAGE, serverMatter } from './fakeServer'

const TODAY = '2026-11-24'
const HOMES = new Set(['unit-home'])

function row(id: string, more: Partial<Matter> = {}): MatterRow {
  return { ...serverMatter(id, { relations: ['coordinator'], ...more }), pending: false, refused: false }
}
const ids = (rows: { id: string }[]) => rows.map(({ id }) => id)

function event(act: MatterEvent['act'], more: Partial<MatterEvent> = {}): MatterEvent {
  return { ...serverMatter('m1').events[0]!, id: act, act, ...more }
}

describe('a coordinator’s desk', () => {
  it('has under 待交办 what nobody decided about, the oldest first', () => {
    const { unassigned } = coordinatorDesk(
      [
        row('new', { raised_at: '2026-11-20T01:00:00+00:00' }),
        row('old', { raised_at: '2026-11-02T01:00:00+00:00' }),
        row('again', { state: 'reopened', raised_at: '2026-11-10T01:00:00+00:00' }),
        row('ruled', { responsibility_id: 'rule' }),
        row('bureaus', { state: 'reopened', unit_id: 'unit-bureau' }),
        row('begun', { state: 'working' }),
        row('others', { relations: ['cadre', 'township'] }),
      ],
      HOMES,
      TODAY,
    )
    expect(ids(unassigned)).toEqual(['old', 'again', 'new'])
  })

  it('has under 待协调 what is beyond a township before what was returned, the longest waiting first', () => {
    const sent = (at: string) => [event('raise'), event('escalate', { happened_at: at })]
    const { returned } = coordinatorDesk(
      [
        row('late', { state: 'returned', events: [event('return', { happened_at: '2026-11-20T01:00:00+00:00' })] }),
        row('early', { state: 'returned', events: [event('return', { happened_at: '2026-11-02T01:00:00+00:00' })] }),
        row('up', { state: 'returned', beyond_power_day: '2026-11-22', events: sent('2026-11-22T01:00:00+00:00') }),
        row('up-early', { state: 'returned', beyond_power_day: '2026-11-21', events: sent('2026-11-21T01:00:00+00:00') }),
        row('assigned', { state: 'assigned', beyond_power_day: '2026-11-21' }),
      ],
      HOMES,
      TODAY,
    )
    expect(ids(returned)).toEqual(['up-early', 'up', 'early', 'late'])
  })

  it('has under 逾期 what is late, the longest first, whoever has it', () => {
    const { overdue } = coordinatorDesk(
      [row('today', { due_day: TODAY }), row('day', { due_day: '2026-11-23' }), row('month', { due_day: '2026-10-23', unit_id: 'unit-bureau', state: 'working' })],
      HOMES,
      TODAY,
    )
    expect(ids(overdue)).toEqual(['month', 'day'])
  })

  it('says by whom and why a matter came back', () => {
    const events = [
      event('raise'),
      event('assign', { unit_name: '武冈市水利局' }),
      event('return', { reason: 'not_ours', text: '归交通', unit_name: '双牌镇人民政府', actor_name: '刘芳', happened_at: '2026-11-20T01:00:00+00:00' }),
    ]
    expect(whyReturned({ events })).toEqual({ by: '武冈市水利局', how: '退回：不归本单位', text: '归交通', at: '2026-11-20T01:00:00+00:00' })
    const note = event('return', { id: 'note', refused_because: 'no_longer_yours', text: '晚了' })
    expect(whyReturned({ events: [...events, note] })!.text).toBe('归交通')
    const up = event('escalate', { actor_name: '李秀英', text: '要立项' })
    expect(whyReturned({ events: [event('raise'), up] })).toMatchObject({ by: '李秀英', how: '上报：超出乡镇权限' })
    expect(whyReturned({ events: [event('raise')] })).toBeNull()
  })

  it('offers to extend only while a day is left', () => {
    const acts = (raised_at: string) =>
      actsAtOnce('overdue', row('m1', { state: 'assigned', raised_at, received_at: raised_at, due_day: '2026-01-01' })).map(({ act }) => act)
    expect(acts(new Date().toISOString())).toEqual(['assign', 'extend'])
    expect(acts('2020-01-01T00:00:00+00:00')).toEqual(['assign'])
  })
})

describe('a handler’s desk', () => {
  it('has what his unit was given, what it has in hand and what is late, the soonest due first', () => {
    const mine = (id: string, more: Partial<Matter>) => row(id, { relations: ['handler'], unit_id: 'unit-bureau', ...more })
    const desk = handlerDesk(
      [
        mine('given-later', { state: 'assigned', due_day: '2026-12-20' }),
        mine('given-soon', { state: 'assigned', due_day: '2026-12-01' }),
        mine('working', { state: 'working', due_day: '2026-11-20' }),
        mine('again', { state: 'reopened', due_day: '2026-11-10' }),
        mine('back', { state: 'returned' }),
        row('others', { state: 'assigned' }),
      ],
      TODAY,
    )
    expect(ids(desk.given)).toEqual(['given-soon', 'given-later'])
    expect(ids(desk.inHand)).toEqual(['again', 'working'])
    expect(ids(desk.overdue)).toEqual(['again', 'working'])
  })

  it('is the one that was chosen, while it is his; roles come and go', () => {
    const both = { coordinates: true, handles: true }
    expect([deskOf(undefined, both), deskOf('handler', both)]).toEqual(['coordinator', 'handler'])
    expect(deskOf('handler', { coordinates: true, handles: false })).toBe('coordinator')
    expect(deskOf('coordinator', { coordinates: false, handles: true })).toBe('handler')
    // The role came after the page was opened.
    expect(deskOf(undefined, { coordinates: false, handles: true })).toBe('handler')
  })

  it('offers with each pile what is done with it most often', () => {
    const offered = (pile: 'given' | 'inHand' | 'late', state: Matter['state']) =>
      actsAtOnce(pile, row('m1', { relations: ['handler'], state })).map(({ act }) => act)
    expect(offered('given', 'assigned')).toEqual(['accept', 'return'])
    expect(offered('inHand', 'working')).toEqual(['resolve', 'progress'])
    expect(offered('late', 'assigned')).toEqual(['resolve', 'progress'])
  })
})

describe('what may be one matter', () => {
  const told = (title: string, more: Partial<Matter> = {}) => row(title, { title, ...more })
  const pairs: [string, string][] = [
    ['三组水渠堵了', '三组的水渠堵了，浇不了地'],
    ['三组机耕路塌方，农机过不去', '机耕路塌了，三组农机进不去'],
    ['五组路灯不亮，老人夜里摔跤', '五组路灯坏了'],
    ['自来水水压不够，三楼没水', '自来水水压太低，三楼上不去水'],
    ['村口桥面有坑，摩托车容易摔', '村口桥上有坑'],
    ['通村公路弯道没有护栏', '通村公路急弯处缺护栏'],
    ['孩子转学学籍没转过来', '小孩转学学籍转不过来'],
    ['与邻居宅基地边界争议', '宅基地边界和邻居有纠纷'],
  ]

  it('is proposed when two people tell it in their own words', () => {
    for (const [one, other] of pairs) expect(ids(likelyDuplicates(told(one), [told(other)])), `${one} / ${other}`).toEqual([other])
  })

  it('is not proposed when it is something else', () => {
    const titles = pairs.map(([one]) => one)
    for (const title of titles) expect(ids(likelyDuplicates(told(title), titles.map((each) => told(each)))), title).toEqual([])
  })

  it('is found by the detail, too', () => {
    const one = told('反映一件事', { detail: '三组水渠堵了，二十亩田浇不上水' })
    const other = told('田里没水', { detail: '三组的水渠堵了，二十亩田没有水' })
    expect(ids(likelyDuplicates(one, [other]))).toEqual(['田里没水'])
  })

  it('lies in one village, was raised within 60 days, and is open', () => {
    const matter = told('三组水渠堵了', { raised_at: '2026-11-20T01:00:00+00:00' })
    const other = (more: Partial<Matter>) => [told('三组的水渠堵了', { raised_at: '2026-11-01T01:00:00+00:00', ...more })]
    expect(likelyDuplicates(matter, other({})).length).toBe(1)
    expect(likelyDuplicates(matter, other({ village_code: OTHER_VILLAGE }))).toEqual([])
    expect(likelyDuplicates(matter, other({ raised_at: '2026-09-20T00:59:00+00:00' }))).toEqual([])
    expect(likelyDuplicates(matter, other({ raised_at: '2026-09-21T01:00:00+00:00' })).length).toBe(1)
    expect(likelyDuplicates(matter, other({ state: 'resolved' }))).toEqual([])
    expect(likelyDuplicates(matter, [matter])).toEqual([])
  })

  it('comes with the most alike first', () => {
    const others = [told('三组水渠垮了，浇不了地'), told('三组水渠堵了，浇不了地')]
    expect(ids(likelyDuplicates(told('三组水渠堵了'), others))[0]).toBe('三组水渠堵了，浇不了地')
  })
})
