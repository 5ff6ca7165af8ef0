/**
 * A server in memory, for the phone's tests: it keeps the contract's promises about receipts, numbers
 * and scopes, and can be made to fail in every way that a network does. The real one is
 * tested against the same phone in tests/journeys.
 */
import type { Case, Matter, Me, Mutation, Receipt, RecordVisit, Visit } from '../../src/domain/records'

export const TOWNSHIP = '430581101000'
export const VILLAGE = '430581101201'
export const OTHER_VILLAGE = '430581102201'
export const AREA = `area:${TOWNSHIP}`

export const li: Me = {
  id: '01990000-0000-7000-8000-00000000000a',
  username: 'li',
  name: '李建国',
  access_version: 1,
  grants: [{ role: 'cadre', area_code: VILLAGE, area_name: '双牌村', unit_id: null, unit_name: null }],
}

type Change = { version: number; kind: 'matter' | 'visit'; record?: Matter | Visit; removed?: string }
type Failure = 'offline' | 'lost_response' | 'html' | { status: number; body?: unknown }

/** A case of the library, as every phone gets it. */
export function goodCase(id: string, more: Partial<Case> = {}): Case {
  const texts = { title: 'water pipe', problem: 'no water', deed: 'a new pipe' }
  return { id, category: 'water', ...texts, made_at: '2026-11-01T01:00:00+00:00', matter_id: null, ...more }
}

export class FakeServer {
  /** How each request fails, in order; null or none left: it works. */
  failures: (Failure | null)[] = []
  /** Why a mutation is refused; null: applied. */
  judge: (mutation: Mutation) => { code: string; message: string; field: string | null } | null = () => null
  /** What the envelope is refused for, before anything is applied. */
  envelope: (mutations: Mutation[]) => { status: number; body: unknown } | null = () => null
  me: Me | null = li
  /** Who there is after signing in; null: who there was. */
  signsIn: Me | null = null
  accessVersion = 1
  scopes: Record<string, Change[]> = { [AREA]: [] }
  pageSize = 1000
  /** So many pages of a pull are let wait for their turn, after this many that came at once. */
  letsWait = { times: 0, after: 0 }
  time = Date.parse('2026-11-24T01:30:00Z')
  receipts = new Map<string, Receipt>()
  applied: Mutation[] = []
  requests: { path: string; body: unknown }[] = []
  csrf = 'token-1'
  /** What everybody's rows are sealed under; null: a server that knows no keys. */
  key: Uint8Array | null = null
  /** How every phone stands that asks, and what was handed in. */
  standing: 'good' | 'revoked' | 'closed' | 'unknown' = 'unknown'
  handedIn: { id: string; sealed: string }[] = []
  /** How many entries one request may bring before it is too large. */
  roomForHandedIn = 100
  /** What stands on the way and answers in the server's place when something is handed in. */
  answersForHandedIn: object | null = null
  cases: Case[] = [goodCase('c1')]

  fetch = ((path: string, init: RequestInit = {}): Promise<Response> => {
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined
    const headers = init.headers as Record<string, string>
    this.requests.push({ path, body })
    const failure = (path === '/api/session' && init.method === 'GET') || path === '/api/session/device' ? null : (this.failures.shift() ?? null)
    if (failure === 'offline') return Promise.reject(new TypeError('Failed to fetch'))
    if (failure === 'html') return Promise.resolve(new Response('<html>请登录 Wi-Fi</html>', { status: 200 }))
    if (failure && typeof failure === 'object') return Promise.resolve(json(failure.status, failure.body))
    const answer = this.answer(path, init.method ?? 'GET', headers, body)
    return failure === 'lost_response' ? Promise.reject(new TypeError('network cut')) : Promise.resolve(answer)
  }) as typeof fetch

  private answer(path: string, method: string, headers: Record<string, string>, body: unknown): Response {
    if (path === '/api/session') {
      if (method === 'POST') {
        if (headers['X-CSRFToken'] !== this.csrf) return csrfFailed()
        this.me = this.signsIn ?? this.me
      }
      const server_time = new Date(this.time).toISOString()
      return json(200, { csrf_token: this.csrf, server_time, me: this.me && { ...this.me, access_version: this.accessVersion } })
    }
    if (path === '/api/session/standing') return json(200, { standing: this.standing })
    if (path === '/api/handed-in') return this.takeOver((body as { entries: { id: string; sealed: string }[] }).entries)
    if (!this.me) return json(401, { code: 'sign_in_required', message: '请先登录。', field: null })
    if (method === 'POST' && headers['X-CSRFToken'] !== this.csrf) return csrfFailed()
    if (path === '/api/session/device' && this.key) return json(200, { key: Buffer.from(this.key).toString('base64') })
    if (path === '/api/sync/push') return this.push((body as { mutations: Mutation[] }).mutations)
    if (path === '/api/sync/pull') return this.pull(body as PullBody)
    if (path === '/api/reference') return json(200, { areas: [], units: [], rules: [], calendar: { days_off: [], working_days: [] } })
    if (path === '/api/cases') return this.library(headers['If-None-Match'])
    return json(404, { code: 'not_found', message: '没有找到，可能已被移走。', field: null })
  }

  private takeOver(entries: { id: string; sealed: string }[]): Response {
    if (this.answersForHandedIn) return json(200, this.answersForHandedIn)
    if (entries.length > this.roomForHandedIn) return json(413, { code: 'too_large', message: '内容太大。', field: null })
    this.handedIn.push(...entries)
    return json(200, { entries: entries.map(({ id }) => ({ id, status: 'kept' })) })
  }

  private library(known: string | undefined): Response {
    const tag = `"${encodeURIComponent(JSON.stringify(this.cases))}"`
    if (known === tag) return new Response(null, { status: 304, headers: { ETag: tag } })
    return new Response(JSON.stringify({ cases: this.cases }), { status: 200, headers: { ETag: tag } })
  }

  private push(mutations: Mutation[]): Response {
    const refused = this.envelope(mutations)
    if (refused) return json(refused.status, refused.body)
    const receipts = mutations.map((mutation) => {
      const known = this.receipts.get(mutation.id)
      if (known) return known
      const error = this.judge(mutation)
      const receipt = { id: mutation.id, status: error ? 'rejected' : 'applied', error } as Receipt
      this.receipts.set(mutation.id, receipt)
      if (!error) this.apply(mutation)
      return receipt
    })
    return json(200, { server_time: new Date(this.time).toISOString(), receipts })
  }

  private apply(mutation: Mutation): void {
    this.applied.push(mutation)
    if (mutation.name !== 'visit.record') return
    const args = mutation.args as unknown as RecordVisit
    for (const made of args.matters) {
      this.put(AREA, serverMatter(made.id, { title: made.title, visit_id: args.id, raised_event_id: made.raised_event_id }))
    }
  }

  put(scope: string, record: Matter): void {
    this.stamp(scope, { kind: 'matter', record })
  }

  putVisit(scope: string, record: Visit): void {
    this.stamp(scope, { kind: 'visit', record })
  }

  remove(scope: string, kind: 'matter' | 'visit', removed: string): void {
    this.stamp(scope, { kind, removed })
  }

  private stamp(scope: string, change: Omit<Change, 'version'>): void {
    const changes = (this.scopes[scope] ??= [])
    changes.push({ ...change, version: changes.length + 1 })
  }

  private pull({ access_version, cursors }: PullBody): Response {
    if (this.letsWait.times > 0 && this.letsWait.after-- <= 0) {
      this.letsWait.times -= 1
      const waiting = { code: 'first_sync_waiting', message: '现在下载的人多，正在排队，请稍等，会自动继续。', field: null }
      return new Response(JSON.stringify(waiting), { status: 503, headers: { 'Retry-After': '7' } })
    }
    const reset = access_version !== this.accessVersion
    const known = new Map(reset ? [] : cursors.map(({ scope, version }) => [scope, version]))
    const scopes = Object.keys(this.scopes).map((scope) => {
      const after = (this.scopes[scope] ?? []).filter(({ version }) => version > (known.get(scope) ?? 0))
      const page = after.slice(0, this.pageSize)
      const records = (kind: string) => page.filter((change) => change.kind === kind && change.record).map(({ record }) => record)
      return {
        scope,
        version: page[page.length - 1]?.version ?? known.get(scope) ?? 0,
        more: after.length > page.length,
        visits: records('visit'),
        matters: records('matter'),
        removed: page.filter((change) => change.removed).map(({ kind, removed }) => ({ kind, id: removed })),
      }
    })
    const left = scopes.reduce((sum, { scope, version }) => sum + (this.scopes[scope] ?? []).filter((each) => each.version > version).length, 0)
    const lost_scopes = cursors.map(({ scope }) => scope).filter((scope) => !this.scopes[scope])
    return json(200, { server_time: '2026-11-24T01:30:00+00:00', access_version: this.accessVersion, reset, scopes, left, lost_scopes })
  }
}

interface PullBody {
  access_version: number
  cursors: { scope: string; version: number }[]
}

function csrfFailed(): Response {
  return json(400, { code: 'csrf_failed', message: '页面放得太久了，请再试一次。', field: null })
}

function json(status: number, body: unknown): Response {
  return new Response(body === undefined ? null : JSON.stringify(body), { status })
}

/** A matter as the server gives it. */
export function serverMatter(id: string, more: Partial<Matter> & { raised_event_id?: string } = {}): Matter {
  const { raised_event_id, ...fields } = more
  return {
    id,
    visit_id: null,
    visit_kind: null,
    village_code: VILLAGE,
    village_name: '双牌村',
    title: '水渠堵了',
    category: 'water',
    detail: null,
    resident: null,
    state: 'raised',
    unit_id: 'unit-home',
    unit_name: '双牌镇人民政府',
    due_day: '2027-01-22',
    raised_at: '2026-11-23T01:00:00+00:00',
    received_at: '2026-11-23T01:00:05+00:00',
    backfill: false,
    closed_at: null,
    on_the_spot: false,
    merged_into_id: null,
    beyond_power_day: null,
    responsibility_id: null,
    author_id: li.id,
    author_name: li.name,
    relations: ['author', 'cadre'],
    events: [
      {
        id: raised_event_id ?? `raised-${id}`,
        act: 'raise',
        text: null,
        actor_name: li.name,
        happened_at: '2026-11-23T01:00:00+00:00',
        received_at: '2026-11-23T01:00:05+00:00',
        backfill: false,
        clock_offset_s: 0,
        from_state: null,
        to_state: 'raised',
        refused_because: null,
        unit_name: null,
        due_day: null,
        reason: null,
        rating: null,
        changes: [],
      },
    ],
    ...fields,
  }
}
