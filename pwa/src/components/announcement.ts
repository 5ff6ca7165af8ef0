import { ref } from 'vue'

/** The quiet sentence at the foot of the screen, also read out by screen readers. */
export const announcement = ref('')

const SHOWN_MS = 6000
let timer: ReturnType<typeof setTimeout> | undefined

/** Show `sentence` for some seconds, in place of the one before. */
export function announce(sentence: string): void {
  clearTimeout(timer)
  announcement.value = sentence
  timer = setTimeout(() => (announcement.value = ''), SHOWN_MS)
}
