/** A form that was begun on another day does not tell what happened now. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'

import { claimNow, dayOf, formatDay, inputOf } from '../../domain/days'

export interface Timed {
  happenedAt?: string | null
  startedAt?: string | null
}

/**
 * Note when the form was begun. When that was on another day and 'now' is still chosen, its time becomes
 * that moment, which the person can change; the answer is then the day, else null.
 */
export function noteStart(form: Timed, touched: boolean, now: string = claimNow()): string | null {
  const begun = form.startedAt
  if (!touched || !begun) {
    form.startedAt = touched ? now : null
    return null
  }
  const day = dayOf(Date.parse(begun))
  if (form.happenedAt || day === dayOf(Date.parse(now))) return null
  form.happenedAt = inputOf(begun)
  // Whoever chooses 'now' again means today, also when he comes back to it once more.
  form.startedAt = now
  return day
}

/** One sentence when the form was begun on another day: looked at when it is opened, and when the app comes back. */
export function useStartedAt(form: Timed, loaded: Promise<void>, isTouched: () => boolean): Ref<string | undefined> {
  const sentence = ref<string>()
  const known = ref(false)
  const look = () => {
    const day = known.value && noteStart(form, isTouched())
    if (day) sentence.value = `这是${formatDay(day)}开始写的，时间已改成那时，不对请改。`
  }
  const comeBack = () => {
    if (document.visibilityState === 'visible') look()
  }
  void loaded.then(() => (known.value = true))
  watch(() => known.value && isTouched(), look, { flush: 'sync' })
  document.addEventListener('visibilitychange', comeBack)
  onScopeDispose(() => document.removeEventListener('visibilitychange', comeBack))
  return sentence
}
