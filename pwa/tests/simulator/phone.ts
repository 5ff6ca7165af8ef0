/** A simulated phone: a disk and cookies that last, a clock that is wrong, and a process that can be killed at any step. */
import { createContext, type Script } from 'node:vm'

import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'

import type { OutboxEntry } from '../../src/store/db'
import type { Ports } from '../../src/sync/ports'
import { Process } from '../mortal/process'
import type { Chance } from './chance'
import type { Core } from './core'
import type { Network } from './network'
import { Timers } from './time'

/** What all phones of a schedule share. */
export interface World {
  now: number
  chance: Chance
  network: Network
  script: Script
  password: string
  note: (what: string) => void
  /** Something that may not happen, and that nobody would notice: the schedule fails. */
  fault: (what: string) => void
}

/** The phone was taken from a person in the middle of what he did. */
class Gone extends Error {
  override name = 'Gone'
}

/** With these a store ends that is closed under whoever uses it. Errors of a phone are of its own realm: they are known by name. */
const CLOSED = ['Gone', 'DatabaseClosedError', 'AbortError']
/** What the app itself says where there is no store any more. */
const NO_STORE = 'nobody is signed in'
/** Said where somebody's rows are removed while they are still open. */
const DEXIE_CLOSES = /Another connection wants to delete database/

const CLOCK = `{
  const Real = Date
  globalThis.Date = class extends Real {
    constructor(...given) {
      if (given.length === 0) super(wallClock())
      else super(...given)
    }
    static now() {
      return wallClock()
    }
  }
}`

export class Phone {
  core!: Core
  process!: Process
  private timers!: Timers
  private readonly disk = new IDBFactory()
  private readonly cookies = new Map<string, string>()
  /** By how much the phone's clock is wrong. */
  skewMs = 0
  online = true
  /** What opens the rows that it sealed: stretching a PIN takes a second, so here a person remembers the key itself. */
  private key: Uint8Array | undefined

  constructor(
    readonly name: string,
    readonly username: string,
    private readonly world: World,
  ) {}

  /** Start the app on what lies on the disk. */
  async start(): Promise<void> {
    const { world } = this
    const process = new Process(this.disk)
    const timers = new Timers(() => world.now)
    const began = world.now
    const offlineOr = (path: string, init: RequestInit = {}) =>
      this.online ? world.network.fetch(this.name, process, this.cookies, path, init) : Promise.reject(new TypeError('Failed to fetch'))
    const logs = (...said: unknown[]) => {
      const what = `${this.name} logs: ${said.join(' ')}`
      // Whatever fails in a process that is dead: nobody hears it.
      if (process.dead || DEXIE_CLOSES.test(what)) world.note(what)
      else world.fault(what)
    }
    const around = {
      wallClock: () => world.now + this.skewMs,
      performance: { now: () => world.now - began },
      setTimeout: timers.set,
      clearTimeout: timers.clear,
      setInterval: () => 0,
      clearInterval: () => undefined,
      queueMicrotask,
      fetch: offlineOr,
      navigator: { onLine: true },
      crypto: { getRandomValues: <Bytes extends Uint8Array>(bytes: Bytes) => world.chance.fill(bytes) },
      document: { visibilityState: 'visible', addEventListener: () => undefined, removeEventListener: () => undefined },
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
      console: { error: logs, warn: logs, log: () => undefined },
      indexedDB: process,
      IDBKeyRange,
      ...{ btoa, atob, DOMException, AbortController, CustomEvent, Headers, FormData, TextEncoder, TextDecoder, URL, Event, EventTarget },
    }
    const context = createContext({ ...around, self: undefined })
    world.script.runInContext(context)
    Object.assign(around.crypto, { subtle: {} }) // Not before: Dexie would let it calculate something.
    this.process = process
    this.timers = timers
    this.core = (context as { phone: { core: Core } }).phone.core
    await this.unlessKilled(this.core.session.restore())
    if (this.core.session.session.locked && this.key) await this.unlessKilled(this.core.session.unlock(this.key))
    this.core.engine.startSyncing()
  }

  /** Pull the battery out; before there is a process, nothing. */
  stop(): void {
    ;(this.process as Process | undefined)?.kill()
  }

  /** Put the battery in again. */
  async restart(): Promise<void> {
    this.world.note(`${this.name} starts again`)
    await this.start()
  }

  /** Wait for work that may never end, because the process was killed. */
  async unlessKilled<T>(work: Promise<T>): Promise<T | undefined> {
    const { process } = this
    const alive = work.catch((error: unknown) => {
      if (!process.dead) throw error
      return undefined
    })
    return Promise.race([alive, process.ended.then(() => undefined)])
  }

  /** True when somebody is signed in as far as this phone knows. */
  get signedIn(): boolean {
    return this.core.session.session.me !== null
  }

  /** False also while what lies here is sealed, and while somebody who was turned away is leaving it. */
  get usable(): boolean {
    return this.core.session.portsNow() !== null
  }

  get ports(): Ports {
    const ports = this.core.session.portsNow()
    if (!ports) throw new Gone(`${this.name} is used by nobody`)
    return ports
  }

  /** True for how something ends that somebody did while the phone was taken from him. */
  endsHere(error: unknown): boolean {
    const { name, message } = error as Error
    const isTaken = !this.usable || this.core.session.session.sentAway
    return isTaken && (CLOSED.includes(name) || message === NO_STORE)
  }

  /** True for a sentence that tells a person why nothing was saved. */
  tellsWhy(error: unknown): boolean {
    return error instanceof this.core.saveProblem.NotSaved
  }

  /** True for what the server or the network refused. */
  isRefusal(error: unknown): boolean {
    return error instanceof this.core.api.ApiError
  }

  async signIn(): Promise<void> {
    const { session } = this.core
    if (this.signedIn) await session.signInAgain(this.world.password)
    else await session.signIn(this.username, this.world.password)
  }

  /** Wait for the exchange that signing in began. */
  async firstSync(): Promise<void> {
    await this.core.engine.lookNow()
  }

  /** From now on what lies here is sealed. */
  async seal(): Promise<void> {
    const { key } = this.ports
    if (!key) throw new Error(`${this.name} has no key to seal with`)
    this.key = Uint8Array.from(key)
    await this.core.unlock.setPin(null)
  }

  outbox(): Promise<OutboxEntry[]> {
    return this.ports.db.outbox.orderBy('seq').toArray()
  }

  ring(): void {
    if (!this.process.dead) this.timers.ringDue()
  }
}

/** The script that makes a process's clock its own. */
export const withClock = (code: string) => `${CLOCK}\n${code}`
