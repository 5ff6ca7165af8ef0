/** What nobody can take back is done at the second tap: the first one asks. */
import { shallowRef, watch, type ShallowRef, type WatchSource } from 'vue'

interface SecondTap<T> {
  /** What was tapped once. */
  asked: ShallowRef<T | undefined>
  /** True at the second tap on the same. */
  sure: (what: T) => boolean
}

/** `about`: what the question names; when it changes, it is asked anew. */
export function useSecondTap<T>(about: WatchSource[]): SecondTap<T> {
  const asked = shallowRef<T>()
  watch(about, () => (asked.value = undefined), { flush: 'sync' })

  function sure(what: T): boolean {
    const again = asked.value === what
    asked.value = again ? undefined : what
    return again
  }
  return { asked, sure }
}
