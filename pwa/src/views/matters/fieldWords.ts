/** The fields of a matter that can be corrected, and what stands in them, in words. */
import type { Category, Changes } from '../../domain/records'
import { categories } from '../../domain/words'

export const fieldLabels: Record<keyof Changes, string> = {
  title: '什么事',
  category: '类别',
  detail: '详情',
  resident_name: '姓名',
  resident_phone: '电话',
}

export function inField(field: keyof Changes, value: string | null): string {
  if (!value) return '（空）'
  return field === 'category' ? (categories[value as Category] ?? value) : value
}
