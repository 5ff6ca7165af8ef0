/** The signed-in user's store, for the page. The core never reads it: it is given its ports. */
import { shallowRef } from 'vue'

import type { StorePorts } from './ports'

export const currentStore = shallowRef<StorePorts | null>(null)

/** The store of whoever is signed in. Throws when nobody is: the router lets no view get here then. */
export function storeNow(): StorePorts {
  if (!currentStore.value) throw new Error('nobody is signed in')
  return currentStore.value
}
