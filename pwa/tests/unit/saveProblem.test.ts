import { describe, expect, it } from 'vitest'

import { addVisit } from '../../src/store/outbox'
import { NotSaved, saveProblemOf } from '../../src/store/saveProblem'
import { readyPhone, visitForm } from './phone'

const PUT_FAILS: [string, RegExp][] = [
  ['UnknownError', /^没有保存成功，内容还在这一页上，请再点一次“保存”。$/],
  ['QuotaExceededError', /^手机存满了，这一条还没有保存。请先别关实事簿/],
]

describe('a save that failed', () => {
  it.each(PUT_FAILS)('is never said to be kept (%s)', async (name, sentence) => {
    const phone = await readyPhone()
    phone.db.outbox.hook('creating', () => {
      throw new DOMException('', name)
    })
    const failed = await addVisit(phone, visitForm()).catch((error: unknown) => error)
    expect(await phone.waiting()).toEqual([])
    expect(saveProblemOf(failed)).toMatch(sentence)
    expect(saveProblemOf(failed)).not.toContain('都在手机里')
  })

  it('is told as a full phone also when the browser says so inside another error', () => {
    expect(saveProblemOf({ name: 'AbortError', inner: { name: 'QuotaExceededError' } })).toContain('手机存满了')
    expect(saveProblemOf(undefined)).toContain('没有保存成功')
  })

  it('gives its own reason when it has one', () => {
    expect(saveProblemOf(new NotSaved('没有改动。'))).toBe('没有改动。')
  })
})
