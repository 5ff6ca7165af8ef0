/** Send what waits in the outbox, oldest first, until nothing does (CONTRACT rules 2 to 5). */
import { deviceNow } from '../domain/days'
import type { ErrorBody, Receipts } from '../domain/records'
import { limits, refusalSentence } from '../domain/words'
import type { Database, OutboxEntry } from '../store/db'
import { confirmLocally, rebuild } from '../store/rebuild'
import { ApiError } from './api'
import type { Ports } from './ports'
import { problems } from './problems'

/** What became of a mutation; `error` null: applied. */
interface Outcome {
  id: string
  error: ErrorBody | null
}

/**
 * Push until the outbox has nothing sendable. Throws ApiError when the network or the server failed;
 * nothing has left the outbox then without a receipt.
 */
export async function push(ports: Ports): Promise<void> {
  let size = limits.mutations_per_push
  for (;;) {
    const batch = await ports.db.outbox.where('status').equals('waiting').limit(size).toArray()
    if (batch.length === 0) return
    try {
      await settle(ports.db, await send(ports, batch))
      size = Math.min(limits.mutations_per_push, size * 2)
    } catch (error) {
      if (!isAboutTheBatch(error)) throw error
      if (batch.length === 1) await settle(ports.db, [{ id: (batch[0] as OutboxEntry).id, error: bodyOf(error) }])
      else size = Math.ceil(batch.length / 2)
    }
  }
}

async function send({ api, clock, deviceId }: Ports, batch: OutboxEntry[]): Promise<Outcome[]> {
  const answer = await api.post<Receipts>('/api/sync/push', {
    device_id: deviceId,
    sent_at: deviceNow(clock),
    mutations: batch.map(({ id, name, made_at, args }) => ({ id, name, made_at, args })),
  })
  const sent = new Set(batch.map((entry) => entry.id))
  const receipts = Array.isArray(answer.receipts) ? answer.receipts : []
  const outcomes = receipts
    .filter(({ id, status, error }) => sent.has(id) && (status === 'applied' || (status === 'rejected' && error)))
    .map(({ id, status, error }) => ({ id, error: status === 'applied' ? null : error }))
  // Without a receipt nothing leaves; asking again at once would get the same answer.
  if (outcomes.length === 0) throw new ApiError(200, 'no_receipt', problems.no_receipt)
  return outcomes
}

/** Take the receipts in, in one transaction. A repeated receipt finds its entry gone and does nothing. */
function settle(db: Database, outcomes: Outcome[]): Promise<void> {
  return db.transaction('rw', db.matters, db.visits, db.outbox, async () => {
    const touched = new Set<string>()
    for (const { id, error } of outcomes) {
      const entry = await db.outbox.where('id').equals(id).first()
      if (!entry || entry.status === 'refused') continue
      const seq = entry.seq as number
      if (error) await db.outbox.update(seq, { status: 'refused', error })
      else {
        await confirmLocally(db, entry)
        await db.outbox.delete(seq)
      }
      for (const record of entry.records) touched.add(record)
    }
    await rebuild(db, touched)
  })
}

/** The server could not take the envelope because of the mutations in it: fewer may pass. */
function isAboutTheBatch(error: unknown): error is ApiError {
  if (!(error instanceof ApiError)) return false
  return error.status === 413 || (error.status === 422 && (error.field ?? '').indexOf('mutations') === 0)
}

function bodyOf({ status, code, message, field }: ApiError): ErrorBody {
  if (status === 413) return { code: 'mutation_too_large', message: refusalSentence('mutation_too_large'), field: 'args' }
  return { code, message, field: (field ?? '').replace(/^mutations(\.\d+)?(\.args)?\.?/, '') || null }
}
