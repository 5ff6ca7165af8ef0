import { describe, expect, it } from 'vitest'

import { searchCases } from '../../src/store/cases'
import { fetchCases } from '../../src/sync/cases'
import { synchronise } from '../../src/sync/synchronise'
import { goodCase } from './fakeServer'
import { newPhone, NOW, type Phone } from './phone'

const titles = async (phone: Phone) => (await phone.db.cases.toArray()).map(({ title }) => title).sort()
const asked = (phone: Phone) => phone.server.requests.filter(({ path }) => path === '/api/cases').length

describe('the case library', () => {
  it('comes with the records and is then on the phone', async () => {
    const phone = newPhone()
    phone.server.cases = [goodCase('c1', { title: '水管' }), goodCase('c2', { title: '路灯' })]
    await synchronise(phone)
    expect(await titles(phone.restarted())).toEqual(['水管', '路灯'])
  })

  it('loses what was withdrawn and takes what was changed', async () => {
    const phone = newPhone()
    phone.server.cases = [goodCase('c1', { title: '水管' }), goodCase('c2', { title: '路灯' })]
    await fetchCases(phone)
    phone.server.cases = [goodCase('c2', { title: '路灯亮了' })]
    await fetchCases(phone)
    expect(await titles(phone)).toEqual(['路灯亮了'])
  })

  it('is not sent again while it is the same, and none of it is lost by that', async () => {
    const phone = newPhone()
    await fetchCases(phone)
    await fetchCases(phone)
    phone.server.cases = []
    phone.db.cases.hook('deleting', () => {
      throw new Error('killed')
    })
    await expect(fetchCases(phone)).rejects.toThrow()
    expect(await titles(phone)).toEqual(['water pipe'])
    await fetchCases(phone.restarted())
    expect(asked(phone)).toBe(4)
  })

  it('is asked for every ten minutes at most, however often records are exchanged', async () => {
    const phone = newPhone()
    let minutes = 0
    phone.clock.now = () => NOW + minutes * 60_000
    for (minutes of [0, 1, 9.9, 10, 12, -5]) await synchronise(phone)
    expect(asked(phone)).toBe(3) // at 0, at 10, and when the clock was set back
  })

  it('never says that the records were not exchanged, whatever becomes of it', async () => {
    for (const failure of ['offline', 'html', { status: 500 }, { status: 404, body: {} }] as const) {
      const phone = newPhone()
      phone.server.failures = [null, null, failure] // reference, pull, cases
      await synchronise(phone)
      expect(asked(phone)).toBe(1)
      expect(await titles(phone)).toEqual([])
      await synchronise(phone)
      expect(await titles(phone)).toEqual(['water pipe'])
    }
  })
})

describe('searching the library', () => {
  const cases = [
    goodCase('c1', { title: '水管裂了', problem: '十七户没有水', deed: '换了 PE 管', category: 'water' }),
    goodCase('c2', { title: '低保停发', problem: '卡被注销', deed: '当天补办', category: 'welfare' }),
  ]
  const found = (search: string, category: Parameters<typeof searchCases>[2] = '') =>
    searchCases(cases, search, category).map(({ id }) => id)

  it('finds every word anywhere in the text, in any order and case', () => {
    expect(found('')).toEqual(['c1', 'c2'])
    expect(found('水')).toEqual(['c1'])
    expect(found('  pe   十七户 ')).toEqual(['c1'])
    expect(found('水管 低保')).toEqual([])
    expect(found('当天')).toEqual(['c2'])
  })

  it('finds by the category’s name, and within one category', () => {
    expect(found('饮水')).toEqual(['c1'])
    expect(found('', 'welfare')).toEqual(['c2'])
    expect(found('水', 'welfare')).toEqual([])
  })
})
