// 实事簿 as a phone asks it: `node shishibu-client.mjs PLAN.json` prints medians as JSON.
import { readFileSync } from 'node:fs'

import { each, median, seconds } from './measured.mjs'
import { Phone } from './phone.mjs'

const plan = JSON.parse(readFileSync(process.argv[2], 'utf8'))

async function pulled(phone, accept) {
  const before = phone.wire.bytes
  const { seconds: took, result } = await seconds(() => phone.pull(accept))
  return { rate: result.held.size / took, records: result.held.size, bytes: phone.wire.bytes - before, cursors: result.cursors }
}

const result = {}
const authors = await Promise.all(plan.authors.map((author) => new Phone(plan.url).signIn(author)))
const reader = await new Phone(plan.url).signIn(plan.reader)
for (const { name, at_once, pushes } of plan.pushes) {
  const done = await each(pushes, at_once, ({ author, mutations }, place) =>
    (author === null ? authors[place % authors.length] : authors[author]).push(mutations),
  )
  const matters = pushes.flatMap(({ mutations }) => mutations.flatMap(({ args }) => args.matters)).length
  result[name] = { mutations: pushes.flatMap(({ mutations }) => mutations).length, matters, pushes: pushes.length, seconds: done.seconds, median_ms: median(done.took) }
}
const { requests, at_once } = plan.bare
const bare = await each(Array.from({ length: requests }), at_once, (_, place) => authors[place].wire.ask(`${plan.url}/api/health`))
result.bare = requests / bare.seconds
if (plan.rounds) {
  result.cold = await pulled(reader, 'br')
  for (const accept of ['gzip', 'br', 'zstd']) {
    const rounds = []
    for (let round = 0; round < plan.rounds; round++) rounds.push(await pulled(reader, accept))
    result[accept] = { ...rounds[0], rate: median(rounds.map(({ rate }) => rate)) }
  }
  const { cursors } = result.br
  const idle = await each(Array.from({ length: 200 }), 1, () => reader.page(cursors, 'br'))
  result.idle = median(idle.took)
}
console.log(JSON.stringify(result))
process.exit(0)
