import { shallowRef } from 'vue'

/** A password that the server made just now: shown on its person's page until that is left, kept nowhere. */
export const madePassword = shallowRef<{ personId: string; password: string }>()
