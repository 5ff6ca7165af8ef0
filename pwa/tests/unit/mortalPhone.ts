/**
 * A disk whose processes can be killed: what was not committed is undone, what runs gets nowhere any
 * more, and the next process finds what a phone would find. A process counts its steps, where a step
 * is a transaction that writes, a request or an answer, and dies at the one that it was told.
 */
import Dexie from 'dexie'
import { IDBFactory, IDBKeyRange, IDBOpenDBRequest } from 'fake-indexeddb'

import { promised } from './wholeApp'

type Mode = 'readonly' | 'readwrite'

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

/** One process of the phone, as far as IndexedDB sees it. */
export class Process {
  /** How many steps it still takes. */
  stepsToLive = Infinity
  dead = false
  private readonly end = promised()
  readonly ended = this.end.kept
  readonly connections = new Set<IDBDatabase>()
  private readonly writing = new Set<IDBTransaction>()

  constructor(private readonly disk: IDBFactory) {}

  cmp = (first: unknown, second: unknown) => this.disk.cmp(first, second)
  databases = () => this.disk.databases()
  deleteDatabase = (name: string) => this.disk.deleteDatabase(name)

  open = (name: string, version?: number) => {
    if (this.dead) return new IDBOpenDBRequest() // It never comes.
    const request = this.disk.open(name, version)
    request.addEventListener('success', () => this.watch(request.result))
    return request
  }

  /** Take one step; true when it was the last and could not be taken. */
  step(): boolean {
    if (!this.dead && this.stepsToLive-- <= 0) this.kill()
    return this.dead
  }

  kill(): void {
    if (this.dead) return
    this.dead = true
    this.end.keep()
    for (const transaction of this.writing) {
      try {
        transaction.abort()
      } catch {
        // It is being committed: it will be on the disk.
      }
    }
    for (const connection of this.connections) connection.close()
  }

  private watch(connection: IDBDatabase): void {
    if (this.dead) return connection.close()
    this.connections.add(connection)
    const begin = connection.transaction.bind(connection)
    connection.transaction = (stores: string[], mode?: Mode) => {
      if (mode === 'readwrite' ? this.step() : this.dead) throw new DOMException('killed', 'AbortError')
      const transaction = begin(stores, mode)
      if (mode !== 'readwrite') return transaction
      this.writing.add(transaction)
      for (const over of ['complete', 'abort']) transaction.addEventListener(over, () => this.writing.delete(transaction))
      return transaction
    }
  }
}
