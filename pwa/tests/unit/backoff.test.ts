import { expect, it } from 'vitest'

import { waitAfter } from '../../src/sync/backoff'

it('tries again after 5 s, then ever more rarely up to 5 min, never all phones at once', () => {
  const longest = (failed: number) => waitAfter(failed, () => 1) / 1000
  expect([1, 2, 3, 4, 5, 6, 7, 8, 30].map(longest)).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300])
  expect(waitAfter(1, () => 0)).toBe(3750)
  expect(waitAfter(0)).toBe(300_000)
})
