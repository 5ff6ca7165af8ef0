/** What people do with their phones in a schedule: what the app would let them, and what bad luck adds. */
import type { MatterRow } from '../../src/store/reading'
import type { ActForm, MatterForm, VisitForm } from '../../src/store/record'
import type { Chance } from './chance'
import type { Phone } from './phone'
import type { People } from './server'

const CATEGORIES = ['road', 'water', 'other'] as const
const KINDS = ['petition', 'onsite', 'research', 'outreach'] as const
const TITLES = ['水渠堵了', '路灯不亮', '桥面塌了半边', '低保没发', '电压太低']

/** What was told to somebody as saved, by the id of what it makes. */
export type Said = { id: string; phone: string; mutation?: string }

export class Doings {
  readonly said: Said[] = []

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
    const form: VisitForm = { ...record.newVisit(), kind: this.chance.pick(KINDS), villageCode: this.chance.pick(villages) }
    form.matters = Array.from({ length: this.chance.pick([0, 1, 1, 2]) }, () => this.matter(record.newMatter()))
    if (this.chance.is(0.1)) await this.collide(phone, form)
    await this.save(phone, form.id!, () => record.recordVisit(form), `visits ${form.villageCode} with ${form.matters.length} matters`)
  }

  /** Do something about a matter that this phone shows. */
  async act(phone: Phone): Promise<void> {
    const matter = await this.someMatter(phone)
    if (!matter) return
    const { lifecycle, record } = phone.core
    const acts = lifecycle.allowedActs(matter.state, matter.relations, lifecycle.isAnswered(matter)).filter(({ act }) => act !== 'correct')
    const row = acts.length > 0 ? this.chance.pick(acts) : null
    if (!row) return
    const form: ActForm = { ...record.newAct(matter.id, row.act), text: `第${this.chance.below(1000)}次` }
    const wanted = (argument: string) => row.needs.includes(argument) || (row.takes.includes(argument) && this.chance.is(0.5))
    if (!row.needs.includes('text') && !row.takes.includes('text')) delete form.text
    if (wanted('unit_id')) form.unitId = this.chance.pick(await phone.ports.db.units.toArray())?.id
    if (wanted('due_day')) form.dueDay = '2026-04-20'
    if (wanted('reason')) form.reason = this.chance.pick(['not_ours', 'beyond_power', 'needs_information'] as const)
    if (wanted('into_id')) form.intoId = (await this.someMatter(phone))?.id
    if (form.intoId === matter.id) return
    await this.save(phone, form.eventId!, () => record.actOnMatter(form), `${row.act}s ${matter.id}`)
  }

  /** Correct a field, having seen what this phone shows. */
  async correct(phone: Phone): Promise<void> {
    const matter = await this.someMatter(phone)
    if (!matter || phone.core.lifecycle.refusal('correct', matter.state, matter.relations)) return
    const { eventId } = phone.core.record.newAct(matter.id, 'correct')
    const title = `${this.chance.pick(TITLES)}${this.chance.below(100)}`
    const form = { eventId: eventId!, matterId: matter.id, changes: { title }, seen: { title: matter.title } }
    await this.save(phone, eventId!, () => phone.core.record.correctMatter(form), `corrects ${matter.id}`)
  }

  /** Send again or give up something that the server refused. */
  async settle(phone: Phone): Promise<void> {
    const refused = (await phone.outbox()).filter(({ status }) => status === 'refused')
    if (refused.length === 0) return
    const entry = this.chance.pick(refused)
    const { record } = phone.core
    if (this.chance.is(0.5)) {
      await phone.unlessKilled(record.drop(entry.id).catch(() => 0))
      const left = new Set((phone.process.dead ? refused : await phone.outbox()).map(({ id }) => id))
      if (!left.has(entry.id)) this.forget(refused.filter(({ id }) => !left.has(id)).map(({ args }) => idOf(args)))
      return this.note(`${phone.name} gives up ${entry.name}`)
    }
    const form = record.visitFormOf(entry) ?? record.actFormOf(entry)
    if (!form) return
    const id = idOf(entry.args)
    // It may get new ids: those that were taken never come.
    this.forget([id])
    await phone.unlessKilled(record.resend(entry.id, form).catch(() => undefined))
    this.note(`${phone.name} sends ${entry.name} again`)
  }

  private async save(phone: Phone, id: string, save: () => Promise<unknown>, what: string): Promise<void> {
    let saved = false
    try {
      await phone.unlessKilled(save().then(() => (saved = true)))
    } catch (error) {
      this.note(`${phone.name} could not: ${(error as Error).name}`)
    }
    if (saved) this.said.push({ id, phone: phone.name })
    this.note(`${phone.name} ${what}: ${saved ? 'saved' : 'not saved'}`)
  }

  private matter(empty: MatterForm): MatterForm {
    const outcome = this.chance.is(0.4) ? 'resolved' : 'open'
    const resolvedText = outcome === 'resolved' ? '办好了' : ''
    const residentName = this.chance.is(0.3) ? '龙桂香' : ''
    return { ...empty, title: this.chance.pick(TITLES), category: this.chance.pick(CATEGORIES), outcome, resolvedText, residentName }
  }

  /** A phone that was copied or restored makes ids and codes once more that are taken. */
  private async collide(phone: Phone, form: VisitForm): Promise<void> {
    const last = form.matters[form.matters.length - 1]
    const taken = (await this.someMatter(phone))?.events[0]
    const codes = await phone.ports.db.ratingCodes.toArray()
    if (!last || !taken) return
    if (last.outcome === 'resolved' && codes.length > 0) {
      const { code } = this.chance.pick(codes)
      await phone.ports.db.ratingCodes.put({ ...codes[0]!, id: last.resolveEventId!, matter_id: last.id!, code })
      return this.note(`${phone.name} makes a code that is taken`)
    }
    last.raisedEventId = taken.id
    this.note(`${phone.name} makes an id that is taken`)
  }

  private async someMatter(phone: Phone): Promise<MatterRow | null> {
    const matters = await phone.ports.db.matters.toArray()
    return matters.length > 0 ? this.chance.pick(matters) : null
  }

  private forget(ids: (string | undefined)[]): void {
    for (const id of ids) {
      for (let at = this.said.length - 1; at >= 0; at--) if (this.said[at]!.id === id) this.said.splice(at, 1)
    }
  }
}

/** The id of what a mutation makes: of the visit, or of the history's entry. */
export function idOf(args: Record<string, unknown>): string {
  return (args.event_id ?? args.id) as string
}
