/** The only place that calls the network: same-origin JSON with the session cookie. */
import words from '../contract/words.json'
import type { Clock } from '../domain/clock'
import type { ErrorBody, Session } from '../domain/records'
import { refusalSentence } from '../domain/words'
import { isPhoneFull } from '../store/saveProblem'
import { problems } from './problems'

/** The server's refusal, or why there was no answer (`status` 0: the network failed). */
export class ApiError extends Error implements ErrorBody {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null = null,
    /** Seconds after which the server wants to be asked again, where it says so. */
    readonly retryAfterS: number | null = null,
  ) {
    super(message)
  }

  /** Nobody, or somebody else, is signed in at the server, or this phone was reported lost. */
  get needsPassword(): boolean {
    return this.code === 'sign_in_required' || this.code === 'device_revoked'
  }

  /** The server no longer understands this version of the app. */
  get outdated(): boolean {
    return this.code === 'app_too_old'
  }
}

export interface Api {
  /** Ask who is signed in: renews the CSRF token and measures the clock. */
  openSession(): Promise<Session>
  /** Sign in; the answer's CSRF token is used from then on. */
  signIn(username: string, password: string): Promise<Session>
  /** `stop`: give it up, whatever has become of it. */
  signOut(stop?: AbortSignal): Promise<void>
  get<T>(path: string): Promise<T>
  /** null: unchanged since `tag`. */
  getIfChanged<T>(path: string, tag: string | undefined): Promise<{ body: T; tag: string | undefined } | null>
  post<T>(path: string, body: unknown): Promise<T>
  /** A POST for which nobody has to be signed in. */
  tell<T>(path: string, body: unknown): Promise<T>
  put<T>(path: string, body: unknown): Promise<T>
  delete<T>(path: string): Promise<T>
  /** Send one file, as a form's `file`. */
  upload<T>(path: string, file: File): Promise<T>
}

const TIMEOUT_MS = 60 * 1000
const MEASURABLE_MS = 20 * 1000
const SESSION = '/api/session'
/** Which version of the contract this app speaks. */
const CONTRACT = { [words.contract.header]: String(words.contract.version) }

interface Answered {
  status: number
  body: unknown
  tag: string | undefined
}

/**
 * The API as `userId` sees it. Writing under another person's session is impossible: the CSRF
 * token belongs to the session, and it is taken only from a session of this user (null: of anybody).
 */
export function openApi(fetch: typeof globalThis.fetch, clock: Clock, userId: string | null): Api {
  let token: string | null = null

  async function exchange(
    method: string,
    path: string,
    body?: unknown,
    more: Record<string, string> = {},
    given?: AbortSignal,
  ): Promise<Answered> {
    const stop = new AbortController()
    if (given?.aborted) stop.abort()
    given?.addEventListener('abort', () => stop.abort())
    const timer = setTimeout(() => stop.abort(), TIMEOUT_MS)
    let response: Response
    let text = ''
    try {
      response = await fetch(path, {
        method,
        credentials: 'same-origin',
        cache: 'no-store',
        signal: stop.signal,
        headers: { Accept: 'application/json', ...CONTRACT, ...(body === undefined || isForm(body) ? {} : { 'Content-Type': 'application/json' }), ...more },
        ...(body === undefined ? {} : { body: isForm(body) ? body : JSON.stringify(body) }),
      })
      text = await response.text()
    } catch {
      const code = stop.signal.aborted ? 'timeout' : 'offline'
      throw new ApiError(0, code, problems[code])
    } finally {
      clearTimeout(timer)
    }
    const answered = parsed(text)
    if (response.status === 304 || (response.ok && isObject(answered))) {
      return { status: response.status, body: answered, tag: response.headers.get('ETag') ?? undefined }
    }
    throw errorOf(response.status, answered, parseInt(response.headers.get('Retry-After') ?? '', 10))
  }

  async function write(method: string, path: string, body?: unknown, stop?: AbortSignal): Promise<unknown> {
    const send = async () => (await exchange(method, path, body, { 'X-CSRFToken': token ?? '' }, stop)).body
    if (token === null) await openSession(stop)
    try {
      return await send()
    } catch (error) {
      // The token ended with the session: signing in begins with a new one.
      if (error instanceof ApiError && error.needsPassword) token = null
      if (!(error instanceof ApiError) || error.code !== 'csrf_failed') throw error
      await openSession(stop)
      return send()
    }
  }

  async function openSession(stop?: AbortSignal): Promise<Session> {
    const asked = clock.now()
    const session = (await exchange('GET', SESSION, undefined, {}, stop)).body as Session
    const answered = clock.now()
    const took = answered - asked
    const server = Date.parse(session.server_time)
    if (took >= 0 && took < MEASURABLE_MS && !isNaN(server)) clock.offsetMs = Math.round(server - (asked + answered) / 2)
    take(session)
    return session
  }

  function take(session: Session): void {
    token = null
    if (userId !== null && session.me?.id !== userId) {
      throw new ApiError(401, 'sign_in_required', refusalSentence('sign_in_required'))
    }
    token = session.csrf_token
  }

  return {
    openSession: () => openSession(),
    async signIn(username, password) {
      // Whoever's session this browser still has gives way to the new one.
      if (token === null) token = ((await exchange('GET', SESSION)).body as Session).csrf_token
      const session = (await write('POST', SESSION, { username, password })) as Session
      take(session)
      return session
    },
    async signOut(stop) {
      await write('DELETE', SESSION, undefined, stop)
      token = null
    },
    get: async <T>(path: string) => (await exchange('GET', path)).body as T,
    async getIfChanged<T>(path: string, tag: string | undefined) {
      const answered = await exchange('GET', path, undefined, tag ? { 'If-None-Match': tag } : {})
      return answered.status === 304 ? null : { body: answered.body as T, tag: answered.tag }
    },
    post: async <T>(path: string, body: unknown) => (await write('POST', path, body)) as T,
    tell: async <T>(path: string, body: unknown) => (await exchange('POST', path, body)).body as T,
    put: async <T>(path: string, body: unknown) => (await write('PUT', path, body)) as T,
    delete: async <T>(path: string) => (await write('DELETE', path)) as T,
    async upload<T>(path: string, file: File) {
      const form = new FormData()
      form.append('file', file)
      return (await write('POST', path, form)) as T
    },
  }
}

/** So many phones fetch everything at once that the server lets them wait for their turn. */
export function isQueued(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 'first_sync_waiting'
}

/** The network was not there. */
export function isOffline(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'offline'
}

/** The sentence for an error of the network, the server or the phone's own storage. */
export function problemOf(error: unknown): string {
  if (error instanceof ApiError) return error.message
  return isPhoneFull(error) ? problems.phone_full : problems.unfinished
}

function errorOf(status: number, body: unknown, retryAfterS: number): ApiError {
  if (isObject(body) && typeof body.code === 'string' && typeof body.message === 'string') {
    const field = typeof body.field === 'string' ? body.field : null
    return new ApiError(status, body.code, body.message, field, retryAfterS >= 0 ? retryAfterS : null)
  }
  if (status === 413) return new ApiError(status, 'too_large', refusalSentence('too_large'))
  const code = status >= 500 ? 'server_down' : 'not_our_answer'
  return new ApiError(status, code, problems[code])
}

function isForm(body: unknown): body is FormData {
  return typeof FormData !== 'undefined' && body instanceof FormData
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
