/** The page's part when the server turns this phone away; the service worker's is in background.ts. */
import type { Sealer } from '../store/sealed'
import { finishLeaving, turnedAway } from './lost'
import { session } from './session'

/** Where its user must leave this phone, he is taken off it now. `sealer`: see `turnedAway`. */
export async function leaveIfTurnedAway(sealer?: Sealer | null): Promise<void> {
  if (!(await turnedAway(sealer))) return
  session.sentAway = true
  await finishLeaving()
}
