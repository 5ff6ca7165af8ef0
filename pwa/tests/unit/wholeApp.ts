/** The app without its screens: its modules as they start, a disk that outlives them, and a network to the fake server. */
import Dexie from 'dexie'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { vi } from 'vitest'

import type { Me } from '../../src/domain/records'
import { FakeServer, li } from './fakeServer'

export const wang: Me = { ...li, id: '01990000-0000-7000-8000-00000000000b', username: 'wang', name: '王芳' }

export interface Surroundings {
  server: FakeServer
  offline: boolean
  /** Called with each request before the server has it. What it waits for, the phone waits for; when it throws, the request is lost. */
  onTheWayThere: (path: string, init: RequestInit) => Promise<unknown> | void
  /** The same for each answer. */
  onTheWay: (path: string) => Promise<void> | void
}

/** A new disk, a new server that nobody is signed in at, and the network between. */
export function newSurroundings(): Surroundings {
  const nothing = () => undefined
  const around: Surroundings = { server: new FakeServer(), offline: false, onTheWayThere: nothing, onTheWay: nothing }
  around.server.me = null
  Object.assign(Dexie.dependencies, { indexedDB: new IDBFactory(), IDBKeyRange })
  vi.stubGlobal('navigator', { onLine: true })
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    if (around.offline) throw new TypeError('Failed to fetch')
    await Promise.race([around.onTheWayThere(path, init), givenUp(init)])
    signInOrOut(around.server, path, init)
    const answer = await around.server.fetch(path, init)
    await around.onTheWay(path)
    return answer
  })
  return around
}

/** Rejects when the phone no longer wants the answer, as fetch does. */
function givenUp({ signal }: RequestInit): Promise<never> {
  const stopped = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')))
  })
  stopped.catch(() => undefined)
  return stopped
}

/** Signing in itself is the real server's; here whoever asks by name gets in. */
function signInOrOut(server: FakeServer, path: string, init: RequestInit): void {
  if (path !== '/api/session') return
  if (init.method === 'DELETE') server.me = null
  if (init.method !== 'POST') return
  const { username } = JSON.parse(init.body as string) as { username: string }
  server.me = [li, wang].find((user) => user.username === username) ?? null
  server.csrf = `token-of-${username}`
}

/** The app's modules afresh, as after a restart or in another tab; the disk is what it was. */
export async function start() {
  vi.resetModules()
  const app = {
    session: await import('../../src/sync/session'),
    status: await import('../../src/sync/status'),
    engine: await import('../../src/sync/engine'),
    record: await import('../../src/store/record'),
    reading: await import('../../src/store/reading'),
    background: await import('../../src/sync/background'),
    answers: await import('../../src/sync/answers'),
    exchange: await import('../../src/sync/exchange'),
    api: await import('../../src/sync/api'),
    database: await import('../../src/store/db'),
    registry: await import('../../src/store/registry'),
  }
  await app.session.restore()
  return app
}

export type App = Awaited<ReturnType<typeof start>>
