/** What people do with their phones in a schedule: what the app would let them, and what bad luck adds. */
import type { OutboxEntry } from '../../src/store/db'
import type { MatterRow } from '../../src/store/reading'
import type { ActForm, MatterForm, VisitForm } from '../../src/store/record'
import type { Chance } from './chance'
import type { Phone } from './phone'
import { namesOf, serial, serialsOf } from './serials'
import type { People } from './server'

const CATEGORIES = ['road', 'water', 'other'] as const
const KINDS = ['petition', 'onsite', 'research', 'outreach'] as const
const TITLES = ['水渠堵了', '路灯不亮', '桥面塌了半边', '低保没发', '电压太低']

/** What somebody typed, and where it must be: in one place if it was told as saved, in none if he gave it up or was told why not. */
export interface Typed {
  phone: string
  standing: 'saved' | 'perhaps' | 'nowhere'
  /** Its phone makes an id or a code for it that is taken. */
  collides: boolean
}

export class Doings {
  /** By its serial, or the id of an act without words. */
  readonly typed = new Map<string, Typed>()
  private serials = 0

  constructor(
    private readonly chance: Chance,
    readonly people: People,
    private readonly note: (what: string) => void,
  ) {}

  /** Record a visit with matters, some of which are resolved on the spot. */
  async visit(phone: Phone): Promise<void> {
    const areas = await phone.ports.db.areas.toArray()
    const villages = areas.filter(({ own }) => own).map(({ code }) => code)
    if (villages.length === 0) return
    const { record } = phone.core
    const form: VisitForm = { ...record.newVisit(), kind: this.chance.pick(KINDS), villageCode: this.chance.pick(villages), note: this.serial() }
    form.matters = Array.from({ length: this.chance.pick([0, 1, 1, 2]) }, () => this.matter(record.newMatter()))
    const collides = this.chance.is(0.1) && (await this.collide(phone, form))
    const what = `visits ${form.villageCode} with ${form.matters.length} matters`
    await this.save(phone, serialsOf(form), () => record.recordVisit(form), what, collides)
  }

  /** Do something about a matter that this phone shows. */
  async act(phone: Phone): Promise<void> {
    const matter = await this.someMatter(phone)
    if (!matter) return
    const { lifecycle, record } = phone.core
    const acts = lifecycle.allowedActs(matter.state, matter.relations, lifecycle.isAnswered(matter)).filter(({ act }) => act !== 'correct')
    const row = acts.length > 0 ? this.chance.pick(acts) : null
    if (!row) return
    const form: ActForm = { ...record.newAct(matter.id, row.act), text: `${this.serial()}次` }
    const wanted = (argument: string) => row.needs.includes(argument) || (row.takes.includes(argument) && this.chance.is(0.5))
    if (!row.needs.includes('text') && !row.takes.includes('text')) delete form.text
    if (wanted('unit_id')) form.unitId = this.chance.pick(await phone.ports.db.units.toArray())?.id
    if (wanted('due_day')) form.dueDay = '2026-04-20'
    if (wanted('reason')) form.reason = this.chance.pick(['not_ours', 'beyond_power', 'needs_information'] as const)
    if (wanted('into_id')) form.intoId = (await this.someMatter(phone))?.id
    if (form.intoId === matter.id) return
    const names = form.text ? serialsOf(form) : [form.eventId!]
    await this.save(phone, names, () => record.actOnMatter(form), `${row.act}s ${matter.id}`)
  }

  /** Correct a field, having seen what this phone shows. */
  async correct(phone: Phone): Promise<void> {
    const matter = await this.someMatter(phone)
    if (!matter || phone.core.lifecycle.refusal('correct', matter.state, matter.relations)) return
    const { eventId } = phone.core.record.newAct(matter.id, 'correct')
    const title = `${this.chance.pick(TITLES)}${this.serial()}`
    const form = { eventId: eventId!, matterId: matter.id, changes: { title }, seen: { title: matter.title } }
    await this.save(phone, serialsOf(form), () => phone.core.record.correctMatter(form), `corrects ${matter.id}`)
  }

  /** Send again or give up something that the server refused. */
  async settle(phone: Phone): Promise<void> {
    const refused = (await phone.outbox()).filter(({ status }) => status === 'refused')
    if (refused.length === 0) return
    const entry = this.chance.pick(refused)
    if (this.chance.is(0.5)) return this.giveUp(phone, entry)
    const { record } = phone.core
    const form = record.visitFormOf(entry) ?? record.actFormOf(entry)
    if (!form) return
    // It may get new ids. What it says must be there once all the same.
    let sent = false
    await this.unlessToldWhy(phone, record.resend(entry.id, form).then(() => (sent = true)))
    if (sent) this.stand(namesOf(entry.args), 'saved')
    this.note(`${phone.name} sends ${entry.name} again`)
  }

  private async giveUp(phone: Phone, entry: OutboxEntry): Promise<void> {
    const { record } = phone.core
    const box = await phone.outbox()
    const goesWithIt = record.dependentsOf(entry, box.filter(({ status }) => status === 'refused'))
    // What still waits goes with it, too, if the server refuses it before this is done.
    const waiting = box.filter(({ status }) => status === 'waiting')
    const mayGo = record.dependentsOf(entry, waiting.map((each) => ({ ...each, error: { code: 'matter_not_found', message: '', field: null } })))
    const given = [entry, ...goesWithIt].flatMap(({ args }) => namesOf(args))
    this.stand([...given, ...mayGo.flatMap(({ args }) => namesOf(args))], 'perhaps')
    if (await phone.unlessKilled(record.drop(entry.id))) this.stand(given, 'nowhere')
    this.note(`${phone.name} gives up ${entry.name}`)
  }

  private async save(phone: Phone, names: string[], save: () => Promise<unknown>, what: string, collides = false): Promise<void> {
    for (const name of names) this.typed.set(name, { phone: phone.name, standing: 'perhaps', collides })
    let saved = false
    if (!(await this.unlessToldWhy(phone, save().then(() => (saved = true))))) this.stand(names, 'nowhere')
    if (saved) this.stand(names, 'saved')
    this.note(`${phone.name} ${what}: ${saved ? 'saved' : 'not saved'}`)
  }

  /** False: he was told why it was not saved. */
  private async unlessToldWhy(phone: Phone, work: Promise<unknown>): Promise<boolean> {
    try {
      await phone.unlessKilled(work)
      return true
    } catch (error) {
      if (!phone.tellsWhy(error)) throw error
      this.note(`${phone.name} could not: ${(error as Error).message}`)
      return false
    }
  }

  private matter(empty: MatterForm): MatterForm {
    const outcome = this.chance.is(0.4) ? 'resolved' : 'open'
    const resolvedText = outcome === 'resolved' ? `办好了${this.serial()}` : ''
    const residentName = this.chance.is(0.3) ? '龙桂香' : ''
    const typed = { title: this.chance.pick(TITLES), category: this.chance.pick(CATEGORIES), detail: this.serial() }
    return { ...empty, ...typed, outcome, resolvedText, residentName }
  }

  /** A phone that was copied or restored makes ids and codes once more that are taken. False: it could not. */
  private async collide(phone: Phone, form: VisitForm): Promise<boolean> {
    const last = form.matters[form.matters.length - 1]
    const taken = (await this.someMatter(phone))?.events[0]
    const codes = await phone.ports.db.ratingCodes.toArray()
    if (!last || !taken) return false
    if (last.outcome === 'resolved' && codes.length > 0) {
      const { code } = this.chance.pick(codes)
      await phone.ports.db.ratingCodes.put({ ...codes[0]!, id: last.resolveEventId!, matter_id: last.id!, code })
      this.note(`${phone.name} makes a code that is taken`)
      return true
    }
    last.raisedEventId = taken.id
    this.note(`${phone.name} makes an id that is taken`)
    return true
  }

  private async someMatter(phone: Phone): Promise<MatterRow | null> {
    const matters = await phone.ports.db.matters.toArray()
    return matters.length > 0 ? this.chance.pick(matters) : null
  }

  private serial(): string {
    return serial(++this.serials)
  }

  private stand(names: string[], standing: Typed['standing']): void {
    for (const name of names) this.typed.get(name)!.standing = standing
  }
}
