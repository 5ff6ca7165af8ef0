/** Seals what an app without a key has written, row by row; what lies there sealed stays as it is. */
import type { Database } from './db'
import { columns, isShut, SEALED_TABLES, shutRow, type Row, type Sealer } from './sealed'

/** As many rows a transaction: others come in between, and a finger is heard. */
const BATCH = 50

/** Safe to be cut at any point and to run twice at once. Past Dexie, for which nothing changes. */
export async function sealWhatIsPlain(db: Database, sealer: Sealer): Promise<void> {
  await db.open()
  for (const table of SEALED_TABLES) {
    let last: IDBValidKey | undefined
    do last = await sealSome(db.backendDB(), table, sealer, last)
    while (last !== undefined)
  }
}

/** The rows after `after`; resolves with the key of the last, undefined when there is none. */
function sealSome(disk: IDBDatabase, table: string, sealer: Sealer, after: IDBValidKey | undefined): Promise<IDBValidKey | undefined> {
  return new Promise((resolve, reject) => {
    const writing = disk.transaction([table], 'readwrite')
    const rows = writing.objectStore(table)
    const found = columns([rows, ...Array.from(rows.indexNames, (name) => rows.index(name))].map(({ keyPath }) => keyPath))
    const some = rows.getAll(after === undefined ? null : afterKey(after), BATCH)
    let last: IDBValidKey | undefined
    some.onsuccess = () => {
      const read = some.result as Row[]
      last = read.length < BATCH ? undefined : (read[BATCH - 1]?.[rows.keyPath as string] as IDBValidKey)
      for (const row of read) if (!isShut(row)) rows.put(shutRow(sealer, table, found, row))
    }
    writing.oncomplete = () => resolve(last)
    writing.onabort = () => reject(writing.error ?? new Error('the pass was stopped'))
  })
}

const afterKey = (key: IDBValidKey) => IDBKeyRange.lowerBound(key, true)
