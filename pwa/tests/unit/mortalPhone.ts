/**
 * A disk whose processes can be killed: the next one finds what a phone would find. A process counts its steps, and dies at
 * the one that it was told (mortal/process.ts).
 */
import Dexie from 'dexie'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'

import { Process } from '../mortal/process'

type Listener = (changed: unknown) => void
const changes = Dexie.on.storagemutated as unknown as { subscribers: Listener[]; unsubscribe(listener: Listener): void }
const dexiesOwn = changes.subscribers.slice()

export class MortalPhone {
  readonly disk = new IDBFactory()
  private process = new Process(this.disk)

  /** The process that is born now is what the app's modules use from here on. */
  start(): Process {
    // Dexie is one for all processes here: the dead would hear of every change, and ask again.
    for (const listener of changes.subscribers.slice()) if (!dexiesOwn.includes(listener)) changes.unsubscribe(listener)
    this.process = new Process(this.disk)
    Object.assign(Dexie.dependencies, { indexedDB: this.process, IDBKeyRange })
    return this.process
  }

  /** Whether this is a connection of the process that lives now. */
  holds(connection: object): boolean {
    return this.process.connections.has(connection as IDBDatabase)
  }

  /** What lies in these tables on the disk of a user who may have none. */
  async look(userId: string, tables: string[]): Promise<Record<string, unknown[]>> {
    const name = `shishibu-${userId}`
    const there = (await this.disk.databases()).some((database) => database.name === name)
    if (!there) return {}
    const db = await new Dexie(name, { indexedDB: this.disk, IDBKeyRange }).open()
    const rows = await Promise.all(tables.map(async (table) => [table, (await db.table(table).toArray()) as unknown[]] as const))
    db.close()
    return Object.fromEntries(rows)
  }
}
