import { onlyWrong, phoneError, tooLong, whenError, type FieldErrors } from '../../components/fieldErrors'
import { cleanText } from '../../domain/text'
import { limits } from '../../domain/words'
import { isBlank, type MatterForm, type VisitForm } from '../../store/record'

/** True when something was typed or chosen on the card, so that it is meant. */
export function isStarted(matter: MatterForm): boolean {
  return !isBlank(matter) || matter.outcome !== null
}

/** True when there is something to lose; a village that was chosen for the person does not count. */
export function isTouched(form: VisitForm): boolean {
  const villageChosen = Boolean(form.villageCode) && !form.villageGuessed
  return Boolean(form.kind) || villageChosen || form.happenedAt !== null || Boolean(form.note) || form.matters.some(isStarted)
}

/** Everything that keeps the visit from being saved, by the fields' names on the wire, in the order of the screen. */
export function visitErrors(form: VisitForm): FieldErrors {
  const errors: FieldErrors = {
    kind: form.kind ? undefined : '请选这次下访的方式。',
    village_code: form.villageCode ? undefined : '请选是哪个村。',
    happened_at: whenError(form.happenedAt),
  }
  form.matters.forEach((matter, at) => {
    if (isStarted(matter)) Object.assign(errors, matterErrors(matter, `matters.${at}`))
  })
  errors.note = tooLong(form.note, limits.note)
  return onlyWrong(errors)
}

/** Who touched 现场办结 or 待办 by mistake is told the way out. */
function noTitle(matter: MatterForm): string {
  return isBlank(matter) ? '请写一句是什么事；没有这件事，就点右上角的叉删去。' : '请写一句是什么事。'
}

function matterErrors(matter: MatterForm, path: string): FieldErrors {
  const resolved = matter.outcome === 'resolved'
  return {
    [`${path}.title`]: cleanText(matter.title) ? tooLong(matter.title, limits.title) : noTitle(matter),
    [`${path}.category`]: matter.category ? undefined : '请选属于哪一类。',
    [`${path}.outcome`]: matter.outcome ? undefined : '请选现场办结还是待办。',
    [`${path}.resolved.text`]: !resolved
      ? undefined
      : cleanText(matter.resolvedText)
        ? tooLong(matter.resolvedText, limits.text)
        : '请写一句群众的什么变了。',
    [`${path}.detail`]: tooLong(matter.detail, limits.detail),
    [`${path}.resident.name`]: tooLong(matter.residentName, limits.resident_name),
    [`${path}.resident.phone`]: phoneError(matter.residentPhone),
  }
}
