/** The whole app at a server that knows its users' keys: what it keeps is sealed once a PIN is set. */
import { expect, vi } from 'vitest'

import { AREA, li, serverMatter } from './fakeServer'
import { KEY, matterForm, visitForm } from './phone'
import { newSurroundings, start, type App, type Surroundings } from './wholeApp'

export const PIN = '274913'
const stretch = crypto.subtle.deriveBits.bind(crypto.subtle)

export function sealedSurroundings(): Surroundings {
  const around = newSurroundings()
  around.server.key = KEY
  // Stretched a little only: what is tested is not how long it takes.
  vi.spyOn(crypto.subtle, 'deriveBits').mockImplementation((how, ...more) => stretch({ ...(how as Pbkdf2Params), iterations: 10 }, ...more))
  const nothing = () => undefined
  vi.stubGlobal('addEventListener', nothing)
  vi.stubGlobal('removeEventListener', nothing)
  vi.stubGlobal('document', { addEventListener: nothing, removeEventListener: nothing, createElement: nothing })
  return around
}

export const unlocking = () => import('../../src/sync/unlock')

/** Li's phone, sealed, with a matter of the server's and a visit for each title that was not sent. */
export async function sealedPhone({ server }: Surroundings, pin: string | null = PIN, titles = ['水渠堵了']): Promise<App> {
  const app = await start()
  await app.session.signIn('li', 'secret')
  server.put(AREA, serverMatter('m1', { title: '桥面塌了半边' }))
  await app.engine.syncNow()
  for (const title of titles) await app.record.recordVisit(visitForm([matterForm({ title })]))
  await (await unlocking()).setPin(pin)
  await expect.poll(async () => (await app.registry.keyRow(li.id))?.swept).toBe(true)
  return app
}
