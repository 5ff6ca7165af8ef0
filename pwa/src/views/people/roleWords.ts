/** What each role is for, and what is wrong with a choice of one. */
import type { FieldErrors } from '../../components/fieldErrors'
import { refusalSentence, roleLevels } from '../../domain/words'
import type { NewGrant } from '../../sync/people'

type Role = NewGrant['role']

export const roleHints: Record<Role, string> = {
  cadre: '记下访，办自己村的事。可以是一个村，也可以是一个乡镇。',
  handler: '办交给他单位的事。',
  coordinator: '把事交办给单位，定期限。可以是一个乡镇，也可以是全县。',
  leader: '看统计、评价和回访。',
  auditor: '目前没有他能看的页面。',
  admin: '管账号、区划和单位，看不到事项。',
}

export interface RoleChoice {
  role: Role | ''
  unit: string
  area: { code: string; level: string } | undefined
}

/** Nothing chosen yet. */
export const noRole = (): RoleChoice => ({ role: '', unit: '', area: undefined })

/** What is wrong with it, by the fields of RoleFields.vue. */
export function roleErrors({ role, unit, area }: RoleChoice): FieldErrors {
  if (!role) return { role: '请选一个角色。' }
  if (role === 'handler') return { unit: unit ? undefined : '请选他的单位；没有就先到“区划和单位”里加。' }
  const fitting = roleLevels[role]
  if (!area) return { area: '请选在哪里。' }
  return { area: fitting && !fitting.includes(area.level) ? refusalSentence('role_unfit') : undefined }
}

/** As the server takes it; only for a choice without errors. */
export function grantOf({ role, unit, area }: RoleChoice): NewGrant {
  if (!role) throw new TypeError('no role')
  return role === 'handler' ? { role, unit_id: unit } : { role, area_code: area?.code ?? '' }
}
