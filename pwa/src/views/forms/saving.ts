/** What every form does when 保存 is tapped, so that the three of them do it alike. */
import { computed, nextTick, ref, type ComputedRef, type Ref } from 'vue'

import { onlyWrong, type FieldErrors } from '../../components/fieldErrors'
import { SavedBefore, saveProblemOf } from '../../store/saveProblem'

interface Saved {
  /** Everything that is wrong now, in the order of the screen. */
  wrong: () => FieldErrors
  /** What is said before the first try. */
  before?: () => FieldErrors
  /** The id of a field's element. */
  idOf: (field: string) => string
  /** Resolves when it is on the disk. */
  save: () => Promise<void>
  /** Make it a record of its own: under its ids another one is saved already. */
  renew: () => void
}

interface Saving {
  errors: ComputedRef<FieldErrors>
  /** 保存 was tapped: from then on what is wrong is said. */
  tried: Ref<boolean>
  /** True while it is being written: nothing may be typed then. */
  saving: Ref<boolean>
  problem: Ref<string | undefined>
  submit: () => Promise<void>
}

/** The first wrong field gets the focus; when nothing is wrong it is saved, or it is said why not. */
export function useSaving(form: Saved): Saving {
  const tried = ref(false)
  const saving = ref(false)
  const problem = ref<string>()
  const errors = computed(() => onlyWrong(tried.value ? form.wrong() : (form.before?.() ?? {})))

  async function submit(): Promise<void> {
    if (saving.value) return
    tried.value = true
    problem.value = undefined
    await nextTick()
    const wrong = Object.keys(errors.value)[0]
    if (wrong) return focusOn(form.idOf(wrong))
    const focused = document.activeElement as HTMLElement | null
    saving.value = true
    try {
      await form.save()
    } catch (error) {
      problem.value = saveProblemOf(error)
      if (error instanceof SavedBefore) form.renew()
    } finally {
      saving.value = false
    }
    // Fields that were shut while saving have lost the focus.
    await nextTick()
    if (problem.value && document.activeElement === document.body) focused?.focus()
  }

  return { errors, tried, saving, problem, submit }
}

/** Put the focus on a field, or on the chosen (else the first) of its choices, in the middle of the screen. */
export function focusOn(id: string): void {
  const found = document.getElementById(id)
  const choices = found?.tagName === 'FIELDSET'
  const target = choices ? (found.querySelector<HTMLElement>('input:checked') ?? found.querySelector('input')) : found
  target?.focus({ preventScroll: true })
  found?.scrollIntoView({ block: 'center' })
}
