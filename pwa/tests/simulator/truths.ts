/** What must be true once everything is quiet. Each failure is a sentence. */
import { isDeepStrictEqual } from 'node:util'

import type { OutboxEntry } from '../../src/store/db'
import type { Typed } from './people'
import { Phone, type World } from './phone'
import { namesOf } from './serials'
import type { Server, Truth } from './server'

type Boxes = ReadonlyMap<string, OutboxEntry[]>

export async function expectTruth(server: Server, world: World, phones: Phone[], typed: ReadonlyMap<string, Typed>): Promise<void> {
  const wrong: string[] = []
  const truth = server.truth()
  wrong.push(...truth.wrong)
  const boxes = new Map<string, OutboxEntry[]>()
  for (const phone of phones) boxes.set(phone.name, await phone.outbox())
  wrong.push(...nothingWaits(boxes), ...eachInItsPlace(truth, boxes, typed), ...rightlyRefused(truth, boxes, typed))
  for (const phone of phones) wrong.push(...(await sameAsNew(world, phone)))
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
}

function nothingWaits(boxes: Boxes): string[] {
  return [...boxes].flatMap(([phone, box]) => box.filter(({ status }) => status === 'waiting').map(({ name }) => `${phone} still waits with ${name}`))
}

/**
 * What somebody was told is saved is in one place: at the server, or among what a lost phone handed in, or still under 需处理 on his
 * phone. What he gave up is nowhere, and nothing is anywhere twice.
 */
function eachInItsPlace(truth: Truth, boxes: Boxes, typed: ReadonlyMap<string, Typed>): string[] {
  const places = placesOf(truth, boxes)
  return [...typed].flatMap(([name, { phone, standing }]) => {
    const there = places.get(name) ?? []
    const where = there.join(', ')
    if (there.length > 1) return [`${name} of ${phone} is there ${there.length} times: ${where}`]
    if (standing === 'saved' && there.length === 0) return [`${name}, which ${phone} had saved, is lost`]
    if (standing === 'nowhere' && there.length > 0) return [`${name}, which ${phone} gave up or could not save, is there: ${where}`]
    return there.some((place) => boxes.has(place) && place !== phone) ? [`${name} of ${phone} lies on ${where}`] : []
  })
}

/** Where each thing that was typed is, as often as it is there. */
function placesOf({ made, handed_in }: Truth, boxes: Boxes): Map<string, string[]> {
  const places = new Map<string, string[]>()
  const isAt = (place: string, names: string[]) => names.forEach((name) => places.set(name, [...(places.get(name) ?? []), place]))
  for (const [name, times] of Object.entries(made)) isAt('the server', Array<string>(times).fill(name))
  for (const args of handed_in) isAt('what was handed in', namesOf(args))
  for (const [phone, box] of boxes) for (const { args } of box) isAt(phone, namesOf(args))
  return places
}

/** What was applied is no longer on the phone, and no id is taken but where bad luck took it. */
function rightlyRefused({ receipts }: Truth, boxes: Boxes, typed: ReadonlyMap<string, Typed>): string[] {
  return [...boxes].flatMap(([phone, box]) =>
    box.flatMap(({ id, name, args, error }) => {
      if (receipts[id] === 'applied') return [`${name} was applied and is still on ${phone}`]
      const isBadLuck = namesOf(args).some((each) => typed.get(each)?.collides)
      return error?.code === 'id_taken' && !isBadLuck ? [`${name} on ${phone} is refused: an id of it is taken`] : []
    }),
  )
}

/** A phone that fetches everything now, given the outbox of this one, shows the same rows. */
async function sameAsNew(world: World, phone: Phone): Promise<string[]> {
  const fresh = new Phone(`a new ${phone.name}`, phone.username, world)
  fresh.skewMs = phone.skewMs
  await fresh.start()
  await fresh.signIn()
  await fresh.firstSync()
  await fresh.core.takeOver(JSON.stringify(await phone.outbox()))
  const wrong: string[] = []
  for (const table of ['matters', 'visits', 'areas', 'units'] as const) {
    const [here, there] = await Promise.all([rows(phone, table), rows(fresh, table)])
    for (const key of new Set([...here.keys(), ...there.keys()])) {
      if (!isDeepStrictEqual(here.get(key), there.get(key))) {
        wrong.push(`${table} ${key} on ${phone.name}: ${JSON.stringify(here.get(key))}, on a new phone: ${JSON.stringify(there.get(key))}`)
      }
    }
  }
  fresh.process.kill()
  return wrong
}

/** The rows of a table by their key; through JSON, for they come from another realm. */
async function rows(phone: Phone, table: 'matters' | 'visits' | 'areas' | 'units'): Promise<Map<string, unknown>> {
  const all = (await phone.ports.db.table(table).toArray()) as Record<string, unknown>[]
  return new Map(all.map((row) => [(row.id ?? row.code) as string, JSON.parse(JSON.stringify(row)) as unknown]))
}
