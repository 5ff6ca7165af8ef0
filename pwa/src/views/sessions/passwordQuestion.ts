import { ref } from 'vue'

/** Whether the dialog that asks for the password again is open; it never opens by itself. */
export const passwordAsked = ref(false)

/** Open the dialog; what was recorded meanwhile waits on the phone. */
export function askForPassword(): void {
  passwordAsked.value = true
}
