import { describe, expect, it } from 'vitest'
import { reactive } from 'vue'

import { takeNewest, takeTheirs, type Draft } from '../../src/views/responsibilities/begun'
import { blankLine, type Line } from '../../src/views/responsibilities/lines'
import { useTakenAway } from '../../src/views/responsibilities/takenAway'

const line = (category: Line['category'], days: string): Line => ({ ...blankLine(), category, level: 'county', unitId: 'bureau', days })
const told = (lines: Line[]) => lines.map(({ category, days }) => `${category} ${days}`)
const begun = (): Draft => {
  const base = [line('water', '15'), line('road', '15')]
  return reactive({ version: 'v1', base, lines: base.map((one) => ({ ...one })) })
}

describe('a list that is being edited', () => {
  it('begins with what the server has, and stays as it is while that is the same', () => {
    const draft = reactive<Draft>({ version: '', base: [], lines: [] })
    expect(takeNewest(draft, 'v1', [line('water', '15')])).toBe('begun')
    draft.lines[0]!.days = '3'
    expect(takeNewest(draft, 'v1', [line('water', '15')])).toBeNull()
    expect(told(draft.lines)).toEqual(['water 3'])
  })

  it('keeps what was changed here on top of what somebody else saved meanwhile, and says so', () => {
    const draft = begun()
    draft.lines[0]!.days = '3'
    expect(takeNewest(draft, 'v2', [line('water', '15'), line('road', '9')])).toBe('merged')
    expect([draft.version, told(draft.lines)]).toEqual(['v2', ['water 3', 'road 9']])
  })

  it('knows its own words again: they were saved, only the answer got lost', () => {
    const draft = begun()
    draft.lines[0]!.days = '3'
    expect(takeNewest(draft, 'v2', [line('water', '3'), line('road', '15')])).toBe('same')
  })
})

describe('a list that somebody else saved a moment earlier', () => {
  it('is brought here before it is saved again', async () => {
    const draft = begun()
    await takeTheirs(draft, async () => void takeNewest(draft, 'v2', [line('water', '9')]))
    expect(draft.version).toBe('v2')
  })

  it('is said not to have come, where the phone could not fetch it: nothing was saved', async () => {
    await expect(takeTheirs(begun(), () => Promise.resolve())).rejects.toThrow('最新的还没有取到')
  })
})

describe('what one tap took away', () => {
  it('is given back whole: a line, all changes, the list before a file', () => {
    const draft = begun()
    const { taken, takeAway, undo } = useTakenAway(draft)
    draft.lines[0]!.days = '3'
    takeAway('已放弃改动', draft.base.map((one) => ({ ...one })))
    expect([taken.value?.sentence, told(draft.lines)]).toEqual(['已放弃改动', ['water 15', 'road 15']])
    undo()
    expect([taken.value, told(draft.lines)]).toEqual([undefined, ['water 3', 'road 15']])
  })

  it('offers no way back over what was typed since', () => {
    const draft = begun()
    const { taken, takeAway, undo } = useTakenAway(draft)
    takeAway('已删去这一条', draft.lines.slice(1))
    draft.lines.push(line('land', '7'))
    expect(taken.value).toBeUndefined()
    undo()
    expect(told(draft.lines)).toEqual(['road 15', 'land 7'])
  })
})
