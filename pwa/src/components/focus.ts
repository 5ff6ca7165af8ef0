/** `v-focus`: the field takes the focus as soon as it is there, so that one can type without another tap. */
export const vFocus = { mounted: (field: HTMLElement) => field.focus() }
