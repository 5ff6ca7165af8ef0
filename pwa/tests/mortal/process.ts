/**
 * A process of a phone that can be killed at any step, as far as IndexedDB sees it: what was not committed is undone, and what
 * still runs gets nowhere. A step is a transaction that writes, a request or an answer.
 */
import { IDBOpenDBRequest } from 'fake-indexeddb'

type Mode = 'readonly' | 'readwrite'

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

/** A promise, and how to keep it. */
export function promised(): { kept: Promise<void>; keep: () => void } {
  let keep = () => undefined as void
  const kept = new Promise<void>((resolve) => (keep = resolve))
  return { kept, keep }
}

/** Let everything else go on for as many turns of the event loop. */
export async function moments(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}
