/**
 * Whatever is cut, killed, doubled, delayed or wrong: nothing that was recorded is lost, nothing happens twice, and all phones come
 * to show what the server has. Many schedules against the real server, each from its seed:
 *
 *   chance.ts → schedule.ts (what happens) → people.ts, phone.ts (the app's own core, core.ts) → network.ts, door.ts → server.ts
 *   → tests/simulator/server.py (the Flask application) … and at the end truths.ts.
 * A phone has one process here: what a service worker or a second tab does beside the page is not simulated.
 *
 * `node run.mjs --database sqlite --schedules 300 --seed 1 [--mistake …] [--trace] [--twice]`. --twice: each seed twice, and it must
 * be the same to the letter.
 */
import { Script } from 'node:vm'
import { parseArgs } from 'node:util'

import { coreScript, isOnPhone } from './bundle'
import { withClock } from './phone'
import { runSchedule } from './schedule'
import { Server } from './server'

export async function main(pwa: string, root: string): Promise<number> {
  const { values } = parseArgs({
    options: {
      database: { type: 'string', default: 'sqlite' },
      schedules: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      mistake: { type: 'string' },
      trace: { type: 'boolean', default: false },
      twice: { type: 'boolean', default: false },
    },
  })
  const database = values.database === 'postgresql' ? 'postgresql' : 'sqlite'
  const first = Number(values.seed)
  const script = new Script(withClock(await coreScript(pwa, values.mistake)), { filename: 'phone.js' })
  const onServer = values.mistake && !isOnPhone(values.mistake) ? values.mistake : undefined
  const server = new Server(root, database, onServer)
  const began = Date.now()
  let failures = 0
  try {
    for (let seed = first; seed < first + Number(values.schedules); seed++) {
      const { fingerprint, trace, ...told } = await runSchedule(server, script, seed)
      const same = !values.twice || (await runSchedule(server, script, seed)).fingerprint === fingerprint
      const failure = told.failure ?? (same ? null : 'the second time something else happened')
      if (values.trace) console.log(trace.join('\n'))
      if (values.trace || failure) console.log(`seed ${seed} on ${database}: ${fingerprint}`)
      if (!failure) continue
      failures += 1
      console.log(`${failure}\nAgain: make simulate DATABASE=${database} SEED=${seed} SCHEDULES=1`)
      if (values.mistake || failures === 3) break
    }
  } finally {
    await server.end()
  }
  const took = (Date.now() - began) / 1000
  console.log(`${values.schedules} schedules from seed ${first} on ${database}: ${failures} failed, ${took.toFixed(1)} s`)
  return failures === 0 ? 0 : 1
}
