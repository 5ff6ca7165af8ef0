import { describe, expect, it } from 'vitest'

import { cleanLine, cleanPhone, cleanText, isPhone, lengthOf } from '../../src/domain/text'

describe('what is typed', () => {
  it('keeps emoji, even those joined from several', () => {
    expect(cleanText('路修好了👍🏽 👨‍👩‍👧 🇨🇳')).toBe('路修好了👍🏽 👨‍👩‍👧 🇨🇳')
  })

  it('loses what cannot be seen and what turns the writing round', () => {
    expect(cleanText('水\u0000渠\u202e堵\u200b了\ufeff')).toBe('水渠堵了')
  })

  it('loses letters that draw nothing, tags, and what only looks like something typed', () => {
    expect(cleanText('水\u00ad渠\u061c堵\u3164了\u{e0041}\u2028')).toBe('水渠堵了')
    expect(cleanText('\u200d\ufe0f \u0301')).toBe('')
    expect(cleanText('❤\ufe0f')).toBe('❤\ufe0f')
    expect(cleanText('ᠮᠣᠩᠭᠣᠯ\u180eᠠ')).toBe('ᠮᠣᠩᠭᠣᠯ\u180eᠠ')
  })

  it('stands on one line where it stands in a list', () => {
    expect(cleanLine(' 三组\t路灯\r\n不亮\n')).toBe('三组 路灯 不亮')
  })

  it('loses broken halves of emoji, which a paste can leave', () => {
    expect(cleanText('好\ud83d了')).toBe('好了')
    expect(cleanText('好\udc4d')).toBe('好')
  })

  it('keeps line breaks and tabs, and rare characters of names', () => {
    expect(cleanText(' 一\n二\t三𠮷 ')).toBe('一\n二\t三𠮷')
  })

  it('is counted in characters: an emoji is one', () => {
    expect(lengthOf('好👍𠮷')).toBe(3)
  })
})

describe('a telephone number', () => {
  it('may be typed with full-width digits and any dash', () => {
    expect(cleanPhone('０７３９—４２２３３３３')).toBe('0739-4223333')
    expect(isPhone('＋86 138 0000 0000')).toBe(true)
    expect(isPhone('不知道')).toBe(false)
    expect(isPhone('')).toBe(true)
  })
})
