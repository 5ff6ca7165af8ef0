import { describe, expect, it } from 'vitest'
import { ref } from 'vue'

import { useSecondTap } from '../../src/components/secondTap'

describe('what nobody can take back', () => {
  it('is done at the second tap, and asked anew after that', () => {
    const { asked, sure } = useSecondTap<string>([])
    expect([sure('earlier'), asked.value]).toEqual([false, 'earlier'])
    expect([sure('earlier'), asked.value]).toEqual([true, undefined])
    expect(sure('earlier')).toBe(false)
  })

  it('is not done when the second tap meets something else', () => {
    const { sure } = useSecondTap<string>([])
    expect([sure('earlier'), sure('later'), sure('earlier')]).toEqual([false, false, false])
  })

  it('is asked anew when the days, the place or the pair have changed meanwhile', () => {
    const from = ref('2026-10-01')
    const { asked, sure } = useSecondTap<string>([from])
    sure('draw')
    from.value = '2026-10-02'
    expect([asked.value, sure('draw')]).toEqual([undefined, false])
  })
})
