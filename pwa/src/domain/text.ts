/** What is typed or pasted, made fit to be kept (server/domain/text.py refuses the rest). */
import words from '../contract/words.json'

// With the `u` flag a whole emoji is one character, so that only lone halves of a pair are matched.
const forbidden = new RegExp(`[${words.forbidden_characters}]`, 'gu')
const phone = new RegExp(words.phone_pattern)

const visible = /[\p{L}\p{N}\p{P}\p{S}]/u

/** `text` without invisible and control characters and broken halves of emoji, trimmed; nothing, if nothing can be seen. */
export function cleanText(text: string): string {
  const clean = text.replace(forbidden, '').trim()
  return visible.test(clean) ? clean : ''
}

/** The same for what stands in lists: tabs and line breaks, as a paste from a spreadsheet brings them, become spaces. */
export function cleanLine(text: string): string {
  return cleanText(text.replace(/[\t\r\n]+/g, ' '))
}

/** A telephone number as the server takes it: full-width digits and signs become plain ones. */
export function cleanPhone(text: string): string {
  return cleanText(text.normalize('NFKC').replace(/[\u2010-\u2015\u2212]/g, '-'))
}

/** True for what may be a telephone number, and for nothing at all. */
export function isPhone(text: string): boolean {
  return phone.test(cleanPhone(text))
}

/** Length as the limits count it: code points, so that an emoji is one. */
export function lengthOf(text: string): number {
  return Array.from(text).length
}
