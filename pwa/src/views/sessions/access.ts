import { computed } from 'vue'

import { isCounty } from '../../domain/areas'
import { session } from '../../sync/session'

/**
 * Which pages the signed-in person has. It only chooses what is shown: what may be done is
 * decided by the server and, for matters, by the lifecycle table.
 */
export const access = computed(() => {
  const roles = new Set(session.me?.grants.map((grant) => grant.role))
  const records = roles.has('cadre')
  const works = records || roles.has('handler') || roles.has('coordinator')
  const leads = roles.has('leader')
  const coordinates = roles.has('coordinator')
  const handles = roles.has('handler')
  const administers = roles.has('admin')
  return {
    /** Goes down to villages: records visits. */
    records,
    /** Has matters on the phone. */
    works,
    /** Has a desk: gives matters to units, or does what a unit was given. */
    desk: coordinates || handles,
    coordinates,
    coordinatesCounty: session.me?.grants.some(({ role, area_code }) => role === 'coordinator' && isCounty(area_code ?? '')) ?? false,
    handles,
    /** Sees only the matters of a unit, so 我的/辖区 means nothing to them. */
    onlyHandles: roles.has('handler') && !records && !roles.has('coordinator'),
    /** Reads tallies. */
    leads,
    /** Looks after accounts, areas and units. */
    administers,
    /** Where the app opens. */
    home: works && !records ? 'desk' : works ? 'matters' : leads ? 'tallies' : administers ? 'people' : 'account',
  }
})
