/** The places and units of the user, and the rules by which a matter gets its unit and day; fetched again only when they changed. */
import type { Reference } from '../domain/records'
import { readFact, writeFact } from '../store/meta'
import type { Ports } from './ports'

/** Throws ApiError. */
export async function fetchReference({ api, db }: Ports): Promise<void> {
  // A version of the app that did not keep the rules yet may have left its mark.
  const known = (await readFact(db, 'responsibilities')) && (await readFact(db, 'reference_etag'))
  const changed = await api.getIfChanged<Reference>('/api/reference', known)
  if (!changed || !Array.isArray(changed.body.areas)) return
  const { areas, units, rules, calendar } = changed.body
  await db.transaction('rw', db.areas, db.units, db.meta, async () => {
    await db.areas.clear()
    await db.areas.bulkPut(areas)
    await db.units.clear()
    await db.units.bulkPut(units)
    await writeFact(db, 'responsibilities', { rules, calendar })
    if (changed.tag) await writeFact(db, 'reference_etag', changed.tag)
  })
}
