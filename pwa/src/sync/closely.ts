/** While a page is looked at on which others write at the same moment, what they wrote is fetched every few seconds. */
import { onActivated, onBeforeUnmount, onDeactivated, onMounted } from 'vue'

import { lookNow } from './start'
import { status } from './status'

const EVERY_MS = 5 * 1000

/** For as long as the component is on the screen, the app in front and the server answers. */
export function useWatchClosely(): void {
  let timer: ReturnType<typeof setInterval> | undefined
  const begin = () => {
    timer ??= setInterval(() => void (worthwhile() && lookNow()), EVERY_MS)
  }
  const end = () => {
    clearInterval(timer)
    timer = undefined
  }
  onMounted(begin)
  onActivated(begin)
  onDeactivated(end)
  onBeforeUnmount(end)
}

/** What went wrong is tried again in the engine's own rhythm, not in this one. */
function worthwhile(): boolean {
  return document.visibilityState === 'visible' && status.online && !status.needsPassword && !status.problem && !status.queued
}
