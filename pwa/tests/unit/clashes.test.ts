import { describe, expect, it } from 'vitest'

import { clashesOf } from '../../src/domain/clashes'
import type { MatterEvent } from '../../src/domain/records'

type Change = MatterEvent['changes'][number]

const correction = (actor_name: string, changes: Change[], refused_because: MatterEvent['refused_because'] = null) =>
  ({ act: 'correct', actor_name, changes, refused_because }) as MatterEvent
const title = (before: string, after: string, overtook?: true): Change => ({ field: 'title', before, after, ...(overtook ? { overtook } : {}) })
const clashes = (...events: MatterEvent[]) => clashesOf({ author_name: '李秀英', events })

describe('fields that two people changed without knowing of each other', () => {
  it('names what the first and the second put there, and by whom', () => {
    expect(clashes(correction('王建国', [title('路灯', '路灯坏了')]), correction('刘芳', [title('路灯坏了', '路灯不亮', true)]))).toEqual([
      { field: 'title', first: { value: '路灯坏了', by: '王建国' }, second: { value: '路灯不亮', by: '刘芳' } },
    ])
  })

  it('holds none against who saw what stood there', () => {
    expect(clashes(correction('王建国', [title('路灯', '路灯坏了')]), correction('刘芳', [title('路灯坏了', '路灯不亮')]))).toEqual([])
  })

  it('is settled once somebody corrects the field again, and not by a correction of another', () => {
    const both = [correction('王建国', [title('路灯', '一')]), correction('刘芳', [title('一', '二', true)])]
    expect(clashes(...both, correction('王建国', [{ field: 'detail', before: null, after: '三盏' }]))).toHaveLength(1)
    expect(clashes(...both, correction('王建国', [title('二', '一')]))).toEqual([])
  })

  it('counts no correction that came too late and changed nothing', () => {
    const both = [correction('王建国', [title('路灯', '一')]), correction('刘芳', [title('一', '二', true)])]
    expect(clashes(...both, correction('王建国', [title('二', '一')], 'state_forbids'))).toHaveLength(1)
  })

  it('says that the author put there what no correction did', () => {
    expect(clashes(correction('刘芳', [title('路灯', '二', true)]))[0]!.first).toEqual({ value: '路灯', by: '李秀英' })
  })
})
