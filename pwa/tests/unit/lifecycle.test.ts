import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

import { actLabel, allowedActs, isOpen, nextState, refusal } from '../../src/domain/lifecycle'

interface Case {
  act: string
  state: string
  relations: string[]
  answered: boolean
  refusal: string | null
  next: string | null
}

const file = fileURLToPath(new URL('../../../tests/contract/lifecycle_cases.json', import.meta.url))
const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[]

describe('the life of a matter', () => {
  it('is answered on the phone as on the server, in every case', () => {
    expect(cases.length).toBeGreaterThan(1000)
    const here = cases.map(({ act, state, relations, answered }) => {
      const why = refusal(act, state, relations, answered)
      return { act, state, relations, answered, refusal: why, next: why ? null : nextState(act, state) }
    })
    expect(here).toEqual(cases)
  })

  it('offers exactly the acts that are not refused', () => {
    for (const { act, state, relations, answered, refusal: why } of cases) {
      const offered = allowedActs(state, relations, answered).map((row) => row.act as string)
      expect([act, state, relations, answered, offered.includes(act)]).toEqual([act, state, relations, answered, why === null])
    }
  })

  it('offers an author of an open matter to resolve it first, with one sentence', () => {
    const [first] = allowedActs('raised', ['author', 'cadre'])
    expect(first).toEqual({ act: 'resolve', label: '办结', needs: ['text'], takes: ['rating_code'] })
  })

  it('throws for a step that the table does not have', () => {
    expect(() => nextState('confirm', 'raised')).toThrow()
  })

  it('knows which matters still need somebody', () => {
    expect(['raised', 'assigned', 'working', 'returned', 'reopened'].every(isOpen)).toBe(true)
    expect(['resolved', 'confirmed', 'merged', 'withdrawn', 'unheard_of'].some(isOpen)).toBe(false)
  })

  it('has a word for every act of a history', () => {
    expect(actLabel('raise')).toBe('登记')
    expect(actLabel('unachieve')).toBe('尽力未成')
  })
})
