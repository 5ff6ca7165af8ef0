/** Fetch what changed, page by page, until no scope has more (CONTRACT rules 7 to 9). */
import { townshipOf } from '../domain/areas'
import type { Pulled } from '../domain/records'
import type { Database } from '../store/db'
import { forgetCursors, readCursors, readPosition, writeCursors, writeFact, type Cursor, type Position } from '../store/meta'
import { putServerRecords, rebuild, removeServerRecords } from '../store/rebuild'
import { ApiError } from './api'
import type { Ports } from './ports'
import { problems } from './problems'

/** `received` is told how many records have come so far, and about how many are still to come. Throws ApiError. */
export async function pull(ports: Ports, received: (records: number, left: number) => void = () => undefined): Promise<void> {
  let count = 0
  let asked = await readPosition(ports.db)
  let coming = ask(ports, asked)
  for (;;) {
    const page = await coming
    if (!Array.isArray(page.scopes)) throw new ApiError(200, 'unfinished', problems.unfinished)
    const more = page.scopes.some((scope) => scope.more)
    const next = positionAfter(asked, page)
    // On its way while this one is written down: each takes a weak phone a second.
    if (more) coming = ask(ports, next)
    if (!(await takeIn(ports.db, asked, page))) {
      await coming.catch(() => undefined) // The server makes one page at a time.
      asked = await readPosition(ports.db)
      coming = ask(ports, asked)
      continue
    }
    for (const scope of page.scopes) count += scope.visits.length + scope.matters.length + scope.removed.length
    received(count, page.left)
    if (!more) return
    if (!page.reset && !advances(asked.cursors, page)) throw new ApiError(200, 'unfinished', problems.unfinished)
    asked = next
  }
}

function ask({ api, deviceId }: Ports, from: Position): Promise<Pulled> {
  const page = api.post<Pulled>('/api/sync/pull', { device_id: deviceId, ...from })
  page.catch(() => undefined) // Said to whoever waits for it, and nobody may.
  return page
}

/** Where the phone is once this page is written down, as `readPosition` says it. */
function positionAfter(asked: Position, { access_version, reset, scopes, lost_scopes }: Pulled): Position {
  const kept = reset ? [] : asked.cursors.filter(({ scope }) => !lost_scopes.includes(scope))
  const versions = new Map([...kept, ...scopes].map(({ scope, version }) => [scope, version]))
  return { access_version, cursors: [...versions].sort(([one], [other]) => (one < other ? -1 : 1)).map(([scope, version]) => ({ scope, version })) }
}

/**
 * One page and its cursors in one transaction, then the pending mutations on top (rule 8). False, and nothing
 * written, when the phone no longer is where it asked from: another tab came first, or somebody signed
 * out and in again, and the records before this page are not there any more.
 */
function takeIn(db: Database, asked: Position, page: Pulled): Promise<boolean> {
  const same = asked.access_version === page.access_version && !page.reset && page.lost_scopes.length === 0
  // Looked at every few seconds: what says nothing new writes nothing, and no list is read again.
  if (same && !page.scopes.some(isNews) && !advances(asked.cursors, page)) return Promise.resolve(true)
  return db.transaction('rw', db.matters, db.visits, db.outbox, db.meta, db.answers, async () => {
    if (JSON.stringify(await readPosition(db)) !== JSON.stringify(asked)) return false
    // What was answered to the roles that he had may name residents; what he may still read is asked for again.
    if (!same) await db.answers.clear()
    if (page.reset) await forgetEverything(db)
    const lost = page.lost_scopes
    await forgetCursors(db, lost)
    if (lost.length > 0) await forgetOutside(db, [...(await readCursors(db)), ...page.scopes])
    const gone = page.scopes.flatMap((scope) => scope.removed)
    const idsOf = (kind: 'matter' | 'visit') => gone.filter((each) => each.kind === kind).map((each) => each.id)
    await removeServerRecords(db, idsOf('matter'), idsOf('visit'))
    for (const scope of page.scopes) await putServerRecords(db, scope.matters, scope.visits)
    await writeCursors(db, page.scopes)
    await writeFact(db, 'access_version', page.access_version)
    await rebuild(db, (await db.outbox.toArray()).flatMap((entry) => entry.records))
    return true
  })
}

/** The answer starts from the beginning: whatever is still visible is in it, or in the pages after it. */
async function forgetEverything(db: Database): Promise<void> {
  await db.matters.clear()
  await db.visits.clear()
  await forgetCursors(db)
}

/** Remove the records that none of these scopes shows. */
async function forgetOutside(db: Database, cursors: Cursor[]): Promise<void> {
  const scopes = new Set(cursors.map((cursor) => cursor.scope))
  const township = (villageCode: string) => `area:${townshipOf(villageCode)}`
  const matters = await db.matters.filter((m) => !scopes.has(township(m.village_code)) && !scopes.has(`unit:${m.unit_id}`)).primaryKeys()
  const visits = await db.visits.filter((visit) => !scopes.has(township(visit.village_code))).primaryKeys()
  await removeServerRecords(db, matters, visits)
}

function isNews({ visits, matters, removed }: Pulled['scopes'][number]): boolean {
  return visits.length + matters.length + removed.length > 0
}

function advances(before: Cursor[], page: Pulled): boolean {
  const known = new Map(before.map(({ scope, version }) => [scope, version]))
  return page.scopes.some(({ scope, version }) => version !== (known.get(scope) ?? 0))
}
