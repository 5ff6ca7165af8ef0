/** What the core needs from outside, so that tests and the simulator can run it unchanged. */
import { v7 } from 'uuid'

import { phoneClock, type Clock } from '../domain/clock'
import type { Me } from '../domain/records'
import type { Database } from './db'

export interface StorePorts {
  db: Database
  clock: Clock
  me: Me
  /** This phone's id. */
  deviceId: string
  /** A new UUIDv7. */
  newId: () => string
}

/** The ports of the page and the service worker. */
export function phonePorts(db: Database, me: Me, deviceId: string): StorePorts {
  return { db, me, deviceId, clock: phoneClock, newId: () => v7() }
}
