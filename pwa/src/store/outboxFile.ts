/**
 * What waits on this phone as one file, for where a browser may clear it away: the rows of the outbox, sealed as they lie there. Any
 * phone of the same user takes them in, and the server takes each once, whoever sends it.
 */
import { dayOf } from '../domain/days'
import { fromBase64, toBase64 } from './base64'
import type { Database, OutboxEntry } from './db'
import { findKnown } from './known'
import { checkStays } from './leaving'
import { recorded, recordsOf } from './mutations'
import type { StorePorts } from './ports'
import { rebuild } from './rebuild'
import { NotSaved } from './saveProblem'

interface OutboxFile {
  format: 1
  user_id: string
  entries: { id: string; seq: number; sealed: string }[]
}

const NOT_OURS = '这不是实事簿存的文件，请换一个。'
const NOT_HIS = '这个文件是别人存的，要用他的账号读入。'
const BROKEN = '这个文件打不开，可能没有存完整，请换一份。'
const NO_KEY = '还不能读写文件：请先连一次网，设好PIN码。'

/** The file and its name. Throws NotSaved while this phone has no key. */
export async function writeOutboxFile({ db, me, clock }: StorePorts): Promise<{ name: string; text: string }> {
  const { sealer } = db.holder
  if (!sealer) throw new NotSaved(NO_KEY)
  const waiting = await db.outbox.orderBy('seq').toArray()
  const entries = waiting.map((entry) => {
    const { id, name, made_at, args, error, seen } = entry
    return { id, seq: entry.seq as number, sealed: toBase64(sealer.seal('outbox', id, { name, made_at, args, error, seen })) }
  })
  const file: OutboxFile = { format: 1, user_id: me.id, entries }
  return { name: `实事簿-未上传-${dayOf(clock.now())}.sjb`, text: JSON.stringify(file) }
}

/** Take in what this phone has not, all or nothing; resolves with how many came. Throws NotSaved. */
export async function readOutboxFile({ db, me, deviceId }: StorePorts, text: string): Promise<number> {
  const { sealer } = db.holder
  if (!sealer) throw new NotSaved(NO_KEY)
  const file = parsed(text)
  if (file.user_id !== me.id) throw new NotSaved(NOT_HIS)
  const entries = file.entries.map(({ id, sealed }) => {
    try {
      return { ...(sealer.open('outbox', id, fromBase64(sealed)) as OutboxEntry), id }
    } catch {
      throw new NotSaved(BROKEN)
    }
  })
  return db.transaction('rw', db.matters, db.visits, db.outbox, db.meta, async () => {
    await checkStays(db, deviceId)
    const here = new Set((await db.outbox.toArray()).map(({ id }) => id))
    const fresh: OutboxEntry[] = []
    for (const entry of entries) if (!here.has(entry.id) && !(await isOutdated(db, entry))) fresh.push(entry)
    const rows = fresh.map((entry) => ({
      ...entry,
      status: entry.error ? ('refused' as const) : ('waiting' as const),
      records: recordsOf(recorded(entry)),
    }))
    await db.outbox.bulkAdd(rows)
    await rebuild(db, rows.flatMap(({ records }) => records))
    return rows.length
  })
}

/** True when this record was corrected and sent again since, so that it is here, or at the server, under another mutation's id. */
async function isOutdated(db: Database, entry: OutboxEntry): Promise<boolean> {
  const known = await findKnown(db, recorded(entry))
  if (known === null) return false
  return known === 'sent' || known.status === 'waiting' || entry.error !== null
}

function parsed(text: string): OutboxFile {
  try {
    const file = JSON.parse(text) as OutboxFile
    if (file.format === 1 && Array.isArray(file.entries)) return { ...file, entries: [...file.entries].sort((a, b) => a.seq - b.seq) }
  } catch {
    // Not even JSON.
  }
  throw new NotSaved(NOT_OURS)
}
