import { describe, expect, it } from 'vitest'

import { isComposing } from '../../src/components/composing'
import { searchVillages, wantedVillage, type Village } from '../../src/store/villages'

function village(name: string, initials: string): Village {
  return { code: name, name, initials, level: 'village', parent_code: null, own: false, townshipName: '', recent: false }
}
const villages = [village('东旗村', 'dqc'), village('扶峰村', 'ffc')]

describe('pinyin initials while a Chinese keyboard still composes them', () => {
  it.each(["d'q'c", 'd’q’c', 'd q c', 'DQC'])('find the village (%s)', (typed) => {
    expect(searchVillages(villages, typed).map(({ name }) => name)).toEqual(['东旗村'])
  })

  it('are nothing to look for when only marks were typed', () => {
    expect(wantedVillage(" ' ")).toBe('')
  })

  it.each([
    [{ isComposing: true, keyCode: 13 }, true],
    [{ isComposing: false, keyCode: 229 }, true],
    [{ isComposing: false, keyCode: 13 }, false],
  ])('leave Enter to the keyboard (%o: %s)', (key, composing) => {
    expect(isComposing(key as KeyboardEvent)).toBe(composing)
  })
})
