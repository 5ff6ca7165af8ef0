/** The two pages about the PIN. */
export { default as pin } from '../../views/sessions/PinPage.vue'
export { default as unlock } from '../../views/sessions/UnlockPage.vue'
