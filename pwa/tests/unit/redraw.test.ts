import { describe, expect, it } from 'vitest'

import { isSame, redrawn } from '../../src/views/callbacks/redraw'

/** As server/domain/callbacks.py draws: `drawn(seed, ids, 3)`. */
const SEED = '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f'
const IDS = Array.from({ length: 10 }, (_, number) => `00000000-0000-0000-0000-00000000000${number}`)
const DRAWN: string[] = [
  '00000000-0000-0000-0000-000000000001',
  '00000000-0000-0000-0000-000000000003',
  '00000000-0000-0000-0000-000000000004',
]

describe('a draw is checked on the phone', () => {
  it('draws what the server drew, whatever the order of the list', async () => {
    expect(await redrawn(SEED, IDS, 3)).toEqual(DRAWN)
    expect(await redrawn(SEED, [...IDS].reverse(), 3)).toEqual(DRAWN)
  })

  it('takes no other sample for the same', () => {
    expect(isSame(DRAWN, [...DRAWN].reverse())).toBe(true)
    expect(isSame(DRAWN, DRAWN.slice(1))).toBe(false)
    expect(isSame(DRAWN, [...DRAWN.slice(1), IDS.find((id) => !DRAWN.includes(id))!])).toBe(false)
  })
})
