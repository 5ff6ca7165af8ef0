/** One schedule: some phones, some dozen things that happen, quiet, and what must be true then. All of it from one seed. */
import { createHash } from 'node:crypto'
import { Script } from 'node:vm'

import { moments } from '../mortal/process'
import { Chance } from './chance'
import { Network } from './network'
import { Doings } from './people'
import { Phone, type World } from './phone'
import type { Server } from './server'
import { expectTruth } from './truths'

const CAST = ['cadre', 'colleague', 'neighbour', 'handler', 'other_handler', 'coordinator'] as const
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const WRONG_CLOCKS = [0, 0, 0, -3 * MINUTE, 40 * MINUTE, -3 * DAY, 20 * DAY, -900 * DAY]
const STEPS = 28
/** For as many turns of the event loop a phone hands in what lies on it. */
const LEAVING_TURNS = 500

export interface Told {
  /** The same for the same seed. */
  fingerprint: string
  trace: string[]
  failure: string | null
}

export async function runSchedule(server: Server, script: Script, seed: number): Promise<Told> {
  const schedule = new Schedule(server, script, seed)
  let failure: string | null = null
  try {
    await schedule.run()
  } catch (error) {
    failure = (error as Error).stack ?? String(error)
  }
  schedule.end()
  const fingerprint = createHash('sha256').update(schedule.trace.join('\n')).digest('hex').slice(0, 16)
  return { fingerprint, trace: schedule.trace, failure }
}

class Schedule {
  readonly trace: string[] = []
  private readonly chance: Chance
  private readonly world: World
  private readonly doings: Doings
  private readonly phones: Phone[] = []
  private readonly extra = new Set<string>()
  /** Phones are sealed, and now and then one is reported lost: in a third of all schedules. */
  private readonly isSealed: boolean

  constructor(
    private readonly server: Server,
    script: Script,
    seed: number,
  ) {
    const note = (what: string) => void this.trace.push(what)
    this.chance = new Chance(seed)
    this.isSealed = seed % 3 === 2
    const { now, people } = server.begin()
    const network = new Network(server, this.chance, note)
    const fault = (what: string) => void server.faults.push(what)
    this.world = { now, chance: this.chance, network, script, password: people.password, note, fault }
    this.doings = new Doings(this.chance, people, note)
  }

  async run(): Promise<void> {
    // Two cadres of one village always, so that something is shared; who else is there is left to chance.
    const others = CAST.slice(2).filter(() => this.chance.is(0.5))
    await this.handOut('cadre')
    await this.beginHistory()
    for (const username of ['colleague', ...others]) await this.handOut(username)
    if (this.chance.is(0.3)) await this.handOut('cadre')
    for (let step = 0; step < STEPS; step++) {
      await this.happen()
      this.expectNoFault()
    }
    await this.calmDown()
    this.expectNoFault()
    await expectTruth(this.server, this.world, this.phones, this.doings.typed)
    this.expectNoFault()
  }

  end(): void {
    this.world.network.closed = true
    this.world.network.door.open()
    for (const phone of this.phones) phone.stop()
  }

  private expectNoFault(): void {
    const { faults } = this.server
    if (faults.length > 0) throw new Error(faults.join('\n'))
  }

  private async handOut(username: string): Promise<void> {
    const phone = new Phone(`${username}${this.phones.filter((each) => each.username === username).length || ''}`, username, this.world)
    phone.skewMs = this.chance.pick(WRONG_CLOCKS)
    this.phones.push(phone)
    await phone.start()
    await phone.signIn()
    if (this.isSealed) await phone.seal()
    await phone.firstSync()
    this.world.note(`${phone.name} is ${phone.skewMs / MINUTE} minutes wrong`)
  }

  /** Something that those who come later find there. */
  private async beginHistory(): Promise<void> {
    const [first] = this.phones
    for (let visit = 0; visit < 3; visit++) await this.doings.visit(first!)
    await first!.core.engine.syncNow()
  }

  private async happen(): Promise<void> {
    const { network } = this.world
    network.trouble = this.chance.pick([0, 0, 0.15, 0.4])
    network.slow = this.chance.pick([0, 0, 8, 40])
    const phone = this.chance.pick(this.phones)
    if (this.chance.is(0.2)) phone.process.stepsToLive = this.chance.below(9)
    const [, happens] = this.weighed(this.happenings(phone))
    await this.asFarAsHeGets(phone, happens())
    for (const each of this.phones) if (each.process.dead) await each.restart()
    await moments(this.chance.below(12))
  }

  /** Whoever is killed or turned away in the middle of what he does gets no further with it. */
  private async asFarAsHeGets(phone: Phone, happens: Promise<void>): Promise<void> {
    const unlessTurnedAway = (error: unknown) => {
      if (!phone.endsHere(error)) throw error
      this.world.note(`${phone.name} gets no further: ${(error as Error).name}`)
    }
    await phone.unlessKilled(happens.catch(unlessTurnedAway))
  }

  private happenings(phone: Phone): [number, () => Promise<void>][] {
    const { doings } = this
    const others: [number, () => Promise<void>][] = [
      [5, () => phone.core.engine.syncNow()],
      [2, () => this.lookSoon(phone)],
      [3, () => this.switchNetwork(phone)],
      [3, () => this.pass(this.chance.pick([1, 6, 61, 24 * 60, 5 * 24 * 60]) * MINUTE)],
      [2, async () => phone.stop()],
      [1, () => this.setClock(phone)],
      [1, () => this.endSession(phone)],
      [1, () => this.signAgain(phone)],
      [1, () => this.changeAccess()],
      [1, () => this.restartServer()],
      [2, () => this.overlap()],
      [this.isSealed ? 1 : 0, () => this.lose(phone)],
    ]
    if (!phone.usable) return others
    return [
      [6, () => doings.visit(phone)],
      [14, () => doings.act(phone)],
      [4, () => doings.correct(phone)],
      [2, () => doings.settle(phone)],
      ...others,
    ]
  }

  private weighed<T>(from: [number, T][]): [number, T] {
    let left = this.chance.below(from.reduce((sum, [weight]) => sum + weight, 0))
    return from.find(([weight]) => (left -= weight) < 0)!
  }

  private async lookSoon(phone: Phone): Promise<void> {
    void phone.unlessKilled(phone.core.engine.lookNow())
  }

  private async switchNetwork(phone: Phone): Promise<void> {
    phone.online = !phone.online
    this.world.note(`${phone.name} is ${phone.online ? 'online' : 'offline'}`)
  }

  private async pass(ms: number): Promise<void> {
    this.world.now += ms
    this.server.setTime(this.world.now)
    this.world.note(`${ms / MINUTE} minutes pass`)
    for (const phone of this.phones) phone.ring()
  }

  private async setClock(phone: Phone): Promise<void> {
    phone.skewMs = this.chance.pick(WRONG_CLOCKS)
    this.world.note(`${phone.name}'s clock is set to ${phone.skewMs / MINUTE} minutes`)
  }

  private async endSession(phone: Phone): Promise<void> {
    this.server.endSessions(phone.username)
    this.world.note(`${phone.username}'s sessions end`)
  }

  /** Somebody reports it lost; it comes to know when it next meets the server. */
  private async lose(phone: Phone): Promise<void> {
    if (!phone.usable) return
    this.server.lose(phone.username, phone.ports.deviceId)
    this.world.note(`${phone.name} is reported lost`)
  }

  private async signAgain(phone: Phone): Promise<void> {
    try {
      await phone.signIn()
      this.world.note(`${phone.name} signs in`)
    } catch (error) {
      if (!phone.isRefusal(error)) throw error
      this.world.note(`${phone.name} cannot sign in: ${(error as { code?: string }).code}`)
    }
  }

  /** The colleague gets the neighbour's village, or loses it again. */
  private async changeAccess(): Promise<void> {
    const village = this.doings.people.villages.neighbours
    if (this.extra.delete(village)) {
      this.server.revoke('colleague', 'cadre')
      this.server.grant('colleague', 'cadre', this.doings.people.villages.shared)
    } else {
      this.extra.add(village)
      this.server.grant('colleague', 'cadre', village)
    }
    this.world.note('the colleague has other villages')
  }

  private async restartServer(): Promise<void> {
    this.server.restart()
    this.world.note('the server starts again')
  }

  /** Two record at the same moment, and a third reads. */
  private async overlap(): Promise<void> {
    const { network } = this.world
    const ready = this.phones.filter((phone) => phone.online && phone.usable)
    const [first, second, reader] = ready
    if (!first || !second) return
    network.trouble = 0
    for (const phone of [first, second]) await this.asFarAsHeGets(phone, this.doings.visit(phone))
    const door = network.door.holdShut()
    const syncs = [first, second, ...(reader ? [reader] : [])].map((phone) => phone.unlessKilled(phone.core.engine.syncNow()))
    await door
    await Promise.all(syncs)
  }

  /** Everything works from now on, everybody is signed in, and all is sent and fetched. */
  private async calmDown(): Promise<void> {
    const { network } = this.world
    network.trouble = 0
    network.slow = 0
    this.world.note('calm')
    for (const phone of this.phones) {
      phone.process.stepsToLive = Infinity
      phone.online = true
      if (phone.process.dead) await phone.restart()
    }
    if (this.isSealed) await this.turnAwayTheLost()
    for (const phone of this.phones) {
      await phone.core.engine.syncNow()
      for (let tries = 0; tries < 3 && (phone.core.status.status.needsPassword || !phone.signedIn); tries++) {
        await phone.signIn()
        await phone.core.engine.syncNow()
      }
    }
    // What the last ones sent, the first have not seen yet.
    for (const phone of this.phones) await phone.core.engine.lookNow()
  }

  /** A phone that is turned away asks for the reason once a minute, hands in what lies on it, and is another phone then. */
  private async turnAwayTheLost(): Promise<void> {
    // Twice: what was under way is given up when its time is over, and tried again a minute later.
    for (let time = 0; time < 2; time++) {
      await this.pass(2 * MINUTE)
      for (const phone of this.phones) await phone.core.engine.syncNow()
      await moments(LEAVING_TURNS)
    }
  }
}
