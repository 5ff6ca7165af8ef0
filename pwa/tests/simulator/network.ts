/** The network between the phones and the server: it loses, doubles, delays, reorders and cuts, as the seed says. */
import { moments, type Process } from '../mortal/process'
import type { Chance } from './chance'
import { Door } from './door'
import type { Answer, Request, Server } from './server'

export class Network {
  /** How often something goes wrong with a request: 0 to 1. */
  trouble = 0
  /** How many turns a request or an answer may be under way. */
  slow = 0
  /** The schedule is over: what was still under way comes to nothing. */
  closed = false
  readonly door: Door

  constructor(
    private readonly server: Server,
    private readonly chance: Chance,
    private readonly note: (what: string) => void,
  ) {
    this.door = new Door(server, note)
  }

  /** As fetch() does it, for the process with these cookies of the phone called `name`. */
  async fetch(name: string, process: Process, cookies: Map<string, string>, path: string, init: RequestInit): Promise<Response> {
    const headers = { ...(init.headers as Record<string, string>), Cookie: [...cookies].map((pair) => pair.join('=')).join('; ') }
    const request: Request = { method: init.method ?? 'GET', path, headers, body: (init.body as string | undefined) ?? '' }
    if (process.step()) await forever()
    await this.under()
    if (init.signal?.aborted) throw new DOMException('given up', 'AbortError')
    if (this.goesWrong()) return this.lost(request, 'the request')
    if (this.goesWrong()) void this.later(request)
    const answer = await this.door.enter(request)
    this.note(`${name}: ${request.method} ${path} → ${answer.status}`)
    await this.under()
    if (process.step()) await forever()
    if (init.signal?.aborted) throw new DOMException('given up', 'AbortError')
    if (this.goesWrong()) return this.lost(request, 'the answer')
    for (const [header, value] of answer.headers) if (header.toLowerCase() === 'set-cookie') takeCookie(cookies, value)
    return this.response(answer)
  }

  private async lost(request: Request, what: string): Promise<Response> {
    this.note(`${what} is lost: ${request.method} ${request.path}`)
    await this.under()
    throw new TypeError('Failed to fetch')
  }

  /** The same request once more, some time after: a proxy or a radio repeated it. */
  private async later(request: Request): Promise<void> {
    await moments(this.chance.below(60))
    if (this.closed) return
    const { status } = this.server.request(request)
    this.note(`again: ${request.method} ${request.path} → ${status}`)
  }

  private response({ status, headers, body }: Answer): Response {
    const cut = body.length > 2 && this.goesWrong() ? this.chance.below(body.length) : null
    const noticed = cut !== null && this.chance.is(0.5)
    if (cut !== null) this.note(`cut after ${cut} of ${body.length}`)
    const text = async () => {
      await this.under()
      if (noticed) throw new TypeError('the body ended too early')
      return cut === null ? body : body.slice(0, cut)
    }
    return { status, ok: status >= 200 && status < 300, headers: new Headers(headers), text } as Response
  }

  private under(): Promise<void> {
    return moments(this.chance.below(this.slow + 1))
  }

  private goesWrong(): boolean {
    return this.trouble > 0 && this.chance.is(this.trouble)
  }
}

function takeCookie(cookies: Map<string, string>, said: string): void {
  const [pair, ...attributes] = said.split(';').map((part) => part.trim())
  const [name, ...value] = pair!.split('=')
  if (attributes.some((each) => /^max-age=0$/i.test(each)) || value.join('=') === '') cookies.delete(name!)
  else cookies.set(name!, value.join('='))
}

/** What a dead process waits for. */
function forever(): Promise<never> {
  return new Promise(() => undefined)
}
