/** The places and units of the user, fetched again only when they changed. */
import type { Reference } from '../domain/records'
import { readFact, writeFact } from '../store/meta'
import type { Ports } from './ports'

/** Throws ApiError. */
export async function fetchReference({ api, db }: Ports): Promise<void> {
  const changed = await api.getIfChanged<Reference>('/api/reference', await readFact(db, 'reference_etag'))
  if (!changed || !Array.isArray(changed.body.areas)) return
  const { areas, units } = changed.body
  await db.transaction('rw', db.areas, db.units, db.meta, async () => {
    await db.areas.clear()
    await db.areas.bulkPut(areas)
    await db.units.clear()
    await db.units.bulkPut(units)
    if (changed.tag) await writeFact(db, 'reference_etag', changed.tag)
  })
}
