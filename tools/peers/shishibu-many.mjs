// Many phones make their first sync at one moment while others push: `node shishibu-many.mjs PLAN.json` prints JSON.
import { readFileSync } from 'node:fs'

import { Phone } from './phone.mjs'
import { seconds } from './measured.mjs'

const plan = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const errors = {}
const failed = (error) => {
  const what = error.message.slice(0, 200)
  errors[what] = (errors[what] ?? 0) + 1
}

let waits = 0
/** To the end, waiting for its turn as the app does (pwa/src/sync/engine.ts); a page that failed is asked for again, and counted. */
async function first(phone) {
  let cursors = []
  const held = new Set()
  for (;;) {
    try {
      const { scopes } = await phone.page(cursors, 'zstd')
      for (const { matters } of scopes) for (const { id } of matters) held.add(id)
      cursors = scopes.map(({ scope, version }) => ({ scope, version }))
      if (!scopes.some(({ more }) => more)) return held.size
    } catch (error) {
      if (error.code === 'first_sync_waiting') waits += 1
      else failed(error)
      await pause((error.retryAfterS ?? 5) * 1000 * (1 + Math.random()))
    }
  }
}

const signedIn = []
for (const person of [...plan.readers, ...plan.authors]) signedIn.push(await new Phone(plan.url).signIn(person))
const readers = signedIn.slice(0, plan.readers.length)
const authors = signedIn.slice(plan.readers.length)

/** Let everybody push, one visit and then a pause, until `work` is done; how long each push took, in ms, sorted. */
async function whilePushing(work) {
  let over = false
  const took = []
  const pushing = authors.map(async (author, at) => {
    await pause(plan.think_ms * Math.random())
    while (!over) {
      const mutation = plan.mutations[at].pop()
      if (!mutation) throw new Error('nothing left to push')
      try {
        took.push((await seconds(() => author.push([mutation]))).seconds * 1000)
      } catch (error) {
        failed(error)
      }
      await pause(plan.think_ms * (0.5 + Math.random()))
    }
  })
  const result = await seconds(work)
  over = true
  await Promise.all(pushing)
  return { ...result, took: took.sort((a, b) => a - b) }
}

const at = (sorted, share) => sorted[Math.floor(sorted.length * share)]
const alone = await whilePushing(() => pause(plan.alone_s * 1000))
const done = []
const all = await whilePushing(() =>
  Promise.all(
    Array.from({ length: plan.phones }, async (_, at) => {
      const one = readers[at % readers.length].again()
      const took = await seconds(() => first(one))
      done.push({ seconds: took.seconds, records: took.result })
    }),
  ),
)
const times = done.map(({ seconds }) => seconds).sort((a, b) => a - b)
console.log(
  JSON.stringify({
    seconds: all.seconds,
    fewest: Math.min(...done.map(({ records }) => records)),
    half_had_all_after: at(times, 0.5),
    waits,
    errors,
    alone_push_median_ms: at(alone.took, 0.5),
    alone_push_p95_ms: at(alone.took, 0.95),
    pushes: all.took.length,
    push_median_ms: at(all.took, 0.5),
    push_p95_ms: at(all.took, 0.95),
    push_worst_ms: all.took.at(-1),
  }),
)
process.exit(0)
