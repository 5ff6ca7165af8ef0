/** Why something typed was not kept on this phone: one sentence that says what to do next. */

/** It was not saved for a reason that the person can understand: `message` is the sentence for the screen. */
export class NotSaved extends Error {}

/** The record of this form is known, with other contents: it may be saved as another one. */
export class SavedBefore extends NotSaved {}

const FULL = '手机存满了，这一条还没有保存。请先别关实事簿，删些照片或视频后再点“保存”。'
const NOT_SAVED = '没有保存成功，内容还在这一页上，请再点一次“保存”。'

/** The sentence for a save that failed. Nothing was recorded then, so it never says that it was. */
export function saveProblemOf(error: unknown): string {
  if (error instanceof NotSaved) return error.message
  return isPhoneFull(error) ? FULL : NOT_SAVED
}

/** What was kept from before could not be read, so nothing may be written over it. */
export const DRAFT_UNREAD =
  '手机存储一时读不出来：以前没写完的还在，先看不到；现在写的，要点了“保存”才留得住。也可以关掉实事簿再打开试试。'

/** The sentence for a half-typed form that could not be kept. */
export function draftProblemOf(error: unknown): string {
  return isPhoneFull(error)
    ? '手机存满了，正在写的没能自动留底。请先别关实事簿，删些照片或视频后接着写。'
    : '正在写的没能自动留底。请先别关实事簿，写完马上点“保存”。'
}

/** The sentence for a PIN that could not be kept. */
export function pinNotKept(error: unknown): string {
  return isPhoneFull(error)
    ? '手机存满了，PIN码没有存下。请删些照片或视频后再设一次。'
    : 'PIN码没有存下，请到“我的”里再设一次。'
}

/** True when the browser had no room for it; Dexie wraps the browser's own error. */
export function isPhoneFull(error: unknown): boolean {
  const { name, inner } = (error ?? {}) as { name?: string; inner?: unknown }
  return name === 'QuotaExceededError' || (inner !== undefined && inner !== error && isPhoneFull(inner))
}
