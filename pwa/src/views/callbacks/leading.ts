import { isCounty } from '../../domain/areas'
import type { Me } from '../../domain/records'

/** True for a leader of a county or more: he draws callbacks, and sees what came of them. What he may do is the server's to say. */
export function leadsAboveTownships(grants: Me['grants'] | undefined): boolean {
  return (grants ?? []).some(({ role, area_code }) => role === 'leader' && area_code !== null && isCounty(area_code))
}
