import { claim, claimNow } from '../domain/days'
import { cleanText, isPhone, lengthOf } from '../domain/text'
import { limits, refusalSentence } from '../domain/words'

/** One sentence for each field that is wrong, by the field's name. */
export type FieldErrors = Record<string, string | undefined>

/** `errors` without the fields that are right. */
export function onlyWrong(errors: FieldErrors): FieldErrors {
  return Object.fromEntries(Object.entries(errors).filter(([, message]) => message))
}

/** What is wrong with a text of more than `limit` code points; undefined: nothing. */
export function tooLong(text: string, limit: number): string | undefined {
  const length = lengthOf(cleanText(text))
  return length > limit ? `最多 ${limit} 字，现在 ${length} 字，请删短一些。` : undefined
}

/** What is wrong with a time; null (now) is always right. */
export function whenError(happenedAt: string | null): string | undefined {
  if (happenedAt === null) return undefined
  const at = Date.parse(claim(happenedAt))
  if (isNaN(at)) return '请选是什么时候。'
  if (at > Date.parse(claimNow())) return refusalSentence('time_in_future')
  return undefined
}

/** What is wrong with a resident's telephone number; it may be empty. */
export function phoneError(phone: string): string | undefined {
  return isPhone(phone) ? tooLong(phone, limits.resident_phone) : refusalSentence('phone_invalid')
}
