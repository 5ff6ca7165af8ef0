import { computed } from 'vue'

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
  return {
    /** Goes down to villages: records visits. */
    records,
    /** Has matters on the phone. */
    works,
    /** Sees only the matters of a unit, so 我的/辖区 means nothing to them. */
    onlyHandles: roles.has('handler') && !records && !roles.has('coordinator'),
    /** Reads tallies. */
    leads,
    /** Where the app opens. */
    home: works ? 'matters' : leads ? 'tallies' : 'account',
  }
})
