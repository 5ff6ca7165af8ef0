import { describe, expect, it } from 'vitest'

import type { MatterRow } from '../../src/store/reading'
import { meant, shown, standingOf } from '../../src/views/matters/correction'
import { serverMatter } from './fakeServer'

const matter: MatterRow = {
  ...serverMatter('m1', { detail: '村口', resident: { name: '张三', phone: '0739-1' } }),
  pending: false,
  refused: false,
}

describe('a correction that is opened again', () => {
  it('shows as empty what it emptied', () => {
    const changes = { detail: null, resident_name: null }
    expect(shown(changes, 'detail', standingOf(matter))).toBe('')
    expect(shown(changes, 'resident_name', standingOf(matter))).toBe('')
    expect(shown(changes, 'title', standingOf(matter))).toBe('水渠堵了')
    expect(meant(changes, matter)).toEqual(changes)
  })

  it('means nothing where it came back to what stands', () => {
    expect(meant({ title: ' 水渠堵了 ', resident_phone: '０７３９—1', detail: '村尾' }, matter)).toEqual({ detail: '村尾' })
  })

  it('still empties a field when the matter is not on this phone', () => {
    expect(meant({ detail: null }, null)).toEqual({ detail: null })
  })
})
