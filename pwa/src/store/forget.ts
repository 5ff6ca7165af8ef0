/** What the server has anyway lies on this phone only while its reader uses the phone (P6). */
import Dexie from 'dexie'

import { Database, userOfDatabase } from './db'
import { currentUser } from './registry'

/**
 * Remove what the server has anyway, and the codes of QRs that were shown here. What was recorded here and not sent, and half-typed
 * forms, stay.
 */
export async function forgetServerCopies(userId: string): Promise<void> {
  const db = new Database(userId)
  const copies = [db.matters, db.visits, db.areas, db.units, db.cases, db.answers, db.ratingCodes]
  try {
    await db.transaction('rw', [...copies, db.meta], async () => {
      for (const table of copies) await table.clear()
      await db.meta.where('key').notEqual('left').delete()
    })
  } finally {
    db.close()
  }
}

/** For whoever has worked for this user: if he has signed out meanwhile, nothing of it stays. */
export async function forgetIfGone(userId: string): Promise<void> {
  if ((await currentUser())?.id !== userId) await forgetServerCopies(userId)
}

/** At a start: a sign-out that was killed half way is finished now. */
export async function forgetWhoeverIsGone(): Promise<void> {
  for (const name of await Dexie.getDatabaseNames()) {
    const userId = userOfDatabase(name)
    if (userId) await forgetIfGone(userId)
  }
}
