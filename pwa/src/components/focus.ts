/**
 * `v-focus`: the field takes the focus as soon as it is there, so that one can type without another tap;
 * `v-focus="false"`: not. A dialog that opens later finds it by `autofocus`.
 */
export const vFocus = {
  mounted(field: HTMLElement, { value }: { value?: boolean }) {
    if (value === false) return
    field.setAttribute('autofocus', '')
    field.focus()
  },
}
