/** A random walk: one phone, two people who share it, a network and a server that all fail at any step; the same for the same seed. */
import { IDBObjectStore } from 'fake-indexeddb'
import { vi } from 'vitest'

import type { Matter, Mutation, RecordVisit } from '../../src/domain/records'
import { AREA, li, serverMatter, VILLAGE, type FakeServer } from './fakeServer'
import { moments, type Process } from '../mortal/process'
import { randomFrom } from '../mortal/random'
import { MortalPhone } from './mortalPhone'
import { matterForm, NOW, visitForm } from './phone'
import { newSurroundings, start, wang, type App, type Surroundings } from './wholeApp'

export const people = [li, wang]
const DAY = 24 * 3600 * 1000
const SHOWN = ['matters', 'visits', 'areas', 'units', 'answers']

/** What somebody was told is saved: the visit's or the event's id, and whose it is. */
export interface Said {
  id: string
  owner: string
}

export class Walk {
  readonly around: Surroundings = newSurroundings()
  readonly server: FakeServer = this.around.server
  readonly phone = new MortalPhone()
  readonly said: Said[] = []
  /** Whose session each mutation was applied under, by the id of its visit or event. */
  readonly appliedFor: Said[] = []
  readonly steps: string[] = []
  app!: App
  private process!: Process
  private readonly random: () => number
  private readonly ledgers = new Map(people.map(({ id }) => [id, { [AREA]: [] } as FakeServer['scopes']]))
  private readonly gone = new Set<string>()
  private running: Promise<unknown>[] = []
  private wall = NOW
  private trouble = 0
  private slow = 0
  private writtenForTheGone: string[] = []

  constructor(seed: number) {
    this.random = randomFrom(seed)
    vi.spyOn(Date, 'now').mockImplementation(() => this.wall)
    const ledger = () => this.ledgers.get(this.server.me?.id ?? '') ?? {}
    Object.defineProperty(this.server, 'scopes', { get: ledger })
    this.server.judge = (mutation) => this.judge(mutation)
    this.seeWrites()
    this.around.onTheWayThere = (path, init) => this.leave(path, init)
    this.around.onTheWay = () => this.comeBack()
  }

  async begin(): Promise<void> {
    await this.restart()
    await this.signIn(this.pick(people).username)
  }

  /** One thing that happens on the phone or around it, and perhaps the phone's end in the midst of it. */
  async wander(): Promise<void> {
    this.trouble = this.pick([0, 0, 0.2, 0.5])
    this.slow = this.pick([0, 0, 60])
    if (this.chance(0.35)) this.process.stepsToLive = Math.floor(this.random() * 14)
    const [what, happen] = this.pick(this.happenings)
    this.steps.push(`${what}${this.process.stepsToLive < Infinity ? `, dies after ${this.process.stepsToLive} steps` : ''}`)
    await this.unlessKilled(happen())
    if (this.process.dead) await this.restart()
    await this.expectNothingOfTheGone()
  }

  /** Everything works from now on, and what still runs comes to its end. */
  async calmDown(): Promise<void> {
    this.trouble = 0
    this.slow = 0
    this.process.stepsToLive = Infinity
    this.server.judge = (mutation) => this.apply(mutation)
    await this.unlessKilled(Promise.all(this.running))
    if (this.process.dead) await this.restart()
    await this.expectNothingOfTheGone()
  }

  /** Who uses the phone now, and after him the others. */
  inTurn(): typeof people {
    const now = this.app.session.session.me?.id
    return [...people].sort((one, other) => Number(other.id === now) - Number(one.id === now))
  }

  /** The phone is in this person's hands, who signs in if he must, and has everything sent and fetched. */
  async handTo(username: string): Promise<void> {
    if (this.app.session.session.me?.username !== username) {
      await this.signOut(true)
      await this.signIn(username)
    }
    await this.app.engine.syncNow()
    // A sign-out that a dead process had sent may still reach the server and end the session once more.
    for (let tries = 0; tries < 5 && this.app.status.status.needsPassword; tries++) {
      await this.app.session.signInAgain('secret')
      await this.app.engine.syncNow()
    }
  }

  async signOut(force: boolean): Promise<void> {
    const leaving = this.app.session.session.me
    if (!leaving || (!force && (await this.app.session.portsNow()?.db.outbox.count()))) return
    await this.app.session.signOut()
    this.gone.add(leaving.id)
  }

  async recordWithoutNetwork(): Promise<void> {
    await this.recordVisit()
    await this.recordAct()
  }

  /** What the server would send this user: its newest version of each record. */
  ledger(userId: string): { matters: Map<string, Matter>; visits: Map<string, unknown> } {
    const matters = new Map<string, Matter>()
    const visits = new Map<string, unknown>()
    for (const { kind, record } of this.ledgers.get(userId)?.[AREA] ?? []) {
      if (record && kind === 'visit') visits.set(record.id, record)
      else if (record) matters.set(record.id, record as Matter)
    }
    return { matters, visits }
  }

  private readonly happenings: [string, () => Promise<unknown>][] = [
    ['a visit', () => this.recordVisit()],
    ['a visit', () => this.recordVisit()],
    ['an act', () => this.recordAct()],
    ['an act', () => this.recordAct()],
    ['a sync', () => this.app.engine.syncNow()],
    ['a sync under way', () => this.meanwhile(this.app.engine.syncNow())],
    ['the service worker', () => this.app.background.runInServiceWorker()],
    ['the service worker under way', () => this.meanwhile(this.app.background.runInServiceWorker())],
    ['the session expires', async () => void (this.server.me = null)],
    ['the password again', () => this.app.session.signInAgain('secret')],
    ['killed while it fetches', () => this.killWhileFetching()],
    ['killed while it fetches', () => this.killWhileFetching()],
    ['signs out', () => this.signOut(false)],
    ['signs out for good', () => this.signOut(true)],
    ['signs out while it syncs', () => this.signOutDuring(this.app.engine.syncNow)],
    ['signs out while the service worker syncs', () => this.signOutDuring(this.app.background.runInServiceWorker)],
    ['li signs in', () => this.signIn('li')],
    ['wang signs in', () => this.signIn('wang')],
    ['the clock is set', async () => void (this.wall = NOW + (this.random() - 0.5) * 10 * DAY)],
    ['somebody else acts', async () => this.actElsewhere()],
    ['somebody else acts', async () => this.actElsewhere()],
    ['access changes', async () => void (this.server.accessVersion += 1)],
    ['killed', async () => this.process.kill()],
  ]

  private async recordVisit(): Promise<void> {
    const owner = this.app.session.session.me?.id
    if (!owner) return
    const matters = Array.from({ length: Math.floor(this.random() * 3) }, (_, n) => matterForm({ title: `事${n}` }))
    const id = await this.app.record.recordVisit(visitForm(matters))
    this.said.push({ id, owner })
  }

  private async recordAct(): Promise<void> {
    const ports = this.app.session.portsNow()
    if (!ports) return
    const shown = (await ports.db.matters.toArray()).filter(({ state }) => state === 'raised' || state === 'working')
    if (shown.length === 0) return
    const id = await this.app.record.actOnMatter({ matterId: this.pick(shown).id, act: 'progress', text: '去看了' })
    this.said.push({ id, owner: ports.me.id })
  }

  private async signIn(username: string): Promise<void> {
    const before = this.app.session.session.me
    const me = people.find((each) => each.username === username)!
    this.gone.delete(me.id)
    await this.app.session.signIn(username, 'secret')
    if (before && before.id !== me.id) this.gone.add(before.id)
  }

  private async killWhileFetching(): Promise<void> {
    const { process } = this
    this.trouble = 0
    await this.app.engine.syncNow()
    if (process.dead) return
    this.actElsewhere(this.app.session.session.me?.id)
    process.stepsToLive = 8 + Math.floor(this.random() * 5) // About where the answer is taken in.
    await this.app.engine.syncNow()
  }

  private async signOutDuring(exchange: () => Promise<void>): Promise<void> {
    const { process } = this
    await this.recordVisit()
    this.slow = 150
    await this.meanwhile(exchange())
    await moments(this.random() * 300)
    if (!process.dead) await this.signOut(true)
  }

  /** Somebody else changes a matter, or makes a new one, that this person can see. */
  private actElsewhere(userId: string = this.pick(people).id): void {
    const ledger = this.ledgers.get(userId)!
    const known = this.ledger(userId).matters
    const id = known.size > 0 && this.chance(0.7) ? this.pick([...known.keys()]) : `elsewhere-${this.steps.length}`
    const changed = serverMatter(id, { ...known.get(id), detail: `第${this.steps.length}步` })
    ledger[AREA]!.push({ kind: 'matter', record: changed, version: ledger[AREA]!.length + 1 })
  }

  /** The server refuses some, like the real one what hangs on a refused one; the rest it applies. */
  private judge(mutation: Mutation) {
    if (this.chance(0.1)) return { code: 'invalid', message: '有一项填写不对。', field: null }
    return this.apply(mutation)
  }

  private apply({ name, args }: Mutation) {
    const owner = this.server.me!.id
    const ledger = this.ledger(owner)
    if (name === 'visit.record') {
      const { id, kind, happened_at } = args as unknown as RecordVisit
      this.server.putVisit(AREA, { id, kind, village_code: VILLAGE, village_name: '双牌村', note: null, happened_at, backfill: false })
      this.appliedFor.push({ id, owner })
      return null
    }
    const { event_id, matter_id } = args as { event_id: string; matter_id: string }
    const matter = ledger.matters.get(matter_id)
    if (!matter) return { code: 'matter_not_found', message: '没有找到这件事项。', field: null }
    const event = { ...matter.events[0]!, id: event_id, act: 'progress' as const, text: '去看了' }
    this.server.put(AREA, { ...matter, state: 'working', events: [...matter.events, event] })
    this.appliedFor.push({ id: event_id, owner })
    return null
  }

  /** A request sets out: it may be the phone's last step, get lost, or reach the server twice. */
  private async leave(path: string, init: RequestInit): Promise<void> {
    if (this.process.step()) await forever()
    await this.dawdle()
    if (this.chance(this.trouble)) throw new TypeError('the request is lost')
    if (this.chance(0.1)) await this.server.fetch(path, init)
  }

  private async comeBack(): Promise<void> {
    await this.dawdle()
    if (this.process.step()) await forever()
    if (this.chance(this.trouble)) throw new TypeError('the answer is lost')
  }

  private async dawdle(): Promise<void> {
    await moments(this.random() * this.slow)
  }

  private async restart(): Promise<void> {
    await moments(10) // What was dead has said its last.
    await this.expectNothingOfTheGone()
    this.running = []
    this.process = this.phone.start()
    this.app = await start()
  }

  private async meanwhile(work: Promise<unknown>): Promise<void> {
    this.running.push(work.catch(() => undefined))
  }

  private async unlessKilled(work: Promise<unknown>): Promise<void> {
    await Promise.race([work.catch(() => undefined), this.process.ended])
  }

  /** From the moment a sign-out is done, nothing that the server has lies on the disk for that person. */
  private async expectNothingOfTheGone(): Promise<void> {
    if (this.writtenForTheGone.length > 0) throw new Error(`written after a sign-out: ${this.writtenForTheGone.join()}`)
    for (const userId of this.gone) {
      for (const [table, rows] of Object.entries(await this.phone.look(userId, SHOWN))) {
        if (rows.length > 0) throw new Error(`${rows.length} ${table} of somebody who has signed out`)
      }
    }
  }

  private seeWrites(): void {
    const { put } = IDBObjectStore.prototype
    const { gone, phone, writtenForTheGone } = this
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
      const { db } = this.transaction
      if (phone.holds(db) && gone.has(db.name.replace('shishibu-', '')) && SHOWN.includes(this.name)) writtenForTheGone.push(this.name)
      return put.apply(this, args)
    })
  }

  private chance(probability: number): boolean {
    return this.random() < probability
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T
  }
}

/** What a dead process waits for. */
function forever(): Promise<never> {
  return new Promise(() => undefined)
}
