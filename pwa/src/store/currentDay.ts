/** Today, for the screen: an app that is left open over midnight must not show yesterday's 逾期 and 本周. */
import { ref, type Ref } from 'vue'

import { today } from '../domain/days'

const EVERY_MS = 60 * 1000

const day = ref(today())

/** The Asia/Shanghai day, YYYY-MM-DD. */
export const currentDay: Readonly<Ref<string>> = day

/** Keep it true from now on: each minute, and when the app comes back to the front. */
export function followTheDay(): void {
  const look = () => (day.value = today())
  setInterval(look, EVERY_MS)
  document.addEventListener('visibilitychange', look)
}
