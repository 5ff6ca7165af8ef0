import type { Database } from './db'

/** Remove what the server has anyway. What was recorded here and not sent, and half-typed forms, stay. */
export function forgetServerCopies(db: Database): Promise<void> {
  const copies = [db.matters, db.visits, db.areas, db.units, db.answers, db.meta]
  return db.transaction('rw', copies, async () => {
    for (const table of copies) await table.clear()
  })
}
