import { describe, expect, it } from 'vitest'

import type { Rating } from '../../src/sync/ratings'
import { afterDecision, type ListName } from '../../src/views/ratings/lists'

const said = (id: string, more: Partial<Rating> = {}) =>
  ({ id, value: 'unsatisfied', held: false, set_aside_reason: null, ...more }) as Rating
const left = (list: ListName, decided: Rating, rows = [said('a', { held: true }), said('b', { held: true }), said('c', { held: true })]) =>
  afterDecision(rows, decided, list).map(({ id, held }) => `${id}${held ? ' held' : ''}`)

describe('a list of ratings', () => {
  it('loses the one that was decided about, and keeps all the others where they were read', () => {
    expect(left('held', said('b'))).toEqual(['a held', 'c held'])
    expect(left('unsatisfied', said('b', { set_aside_reason: 'unreasonable' }))).toEqual(['a held', 'c held'])
  })

  it('shows it as it stands now where it still belongs', () => {
    expect(left('all', said('b'))).toEqual(['a held', 'b', 'c held'])
    expect(left('all', said('b', { set_aside_reason: 'unreasonable' }))).toEqual(['a held', 'b', 'c held'])
  })
})
