import type { CaseDraft } from '../../domain/records'

const kinds: Record<CaseDraft['replaced'][number]['kind'], string> = {
  resident: '群众姓名',
  number: '号码',
  place: '地名',
  person: '干部姓名',
}

/** What was replaced, and how often: 群众姓名 1 处、地名 3 处. */
export function replacedWords(replaced: CaseDraft['replaced']): string {
  return replaced.map(({ kind, count }) => `${kinds[kind]} ${count} 处`).join('、')
}
