/** Writes a draft again and again, one write at a time, the last value wins. */
import type { Database } from './db'

export interface DraftWriter {
  /** Write this value as soon as the write before it is done. */
  write(value: unknown): void
  /** Resolves when nothing is waiting to be written. */
  settled(): Promise<void>
  /** Take the draft away; what was waiting to be written is not. The writer may be used again. */
  remove(): Promise<void>
  /** The draft was saved as a record: whatever is still written is dropped. */
  close(): void
}

/** The writers of the forms that are open now, by database and key. */
const writers = new Map<string, DraftWriter>()
const nameOf = (db: Database, key: string) => `${db.name} ${key}`

export function draftWriter(db: Database, key: string): DraftWriter {
  let next: { value: unknown } | null = null
  let running: Promise<void> | null = null
  let closed = false

  async function run(): Promise<void> {
    while (next) {
      const { value } = next
      next = null
      try {
        await db.drafts.put({ key, value })
      } catch (error) {
        // A full disk must not stop the typing; the next change tries again.
        console.error('draft:', (error as Error).name)
      }
    }
    running = null
  }

  const writer: DraftWriter = {
    write(value) {
      if (closed) return
      next = { value }
      running ??= run()
    },
    settled: async () => {
      while (running) await running
    },
    async remove() {
      next = null
      while (running) await running
      await db.drafts.delete(key)
      closed = false
    },
    close() {
      next = null
      closed = true
    },
  }
  writers.set(nameOf(db, key), writer)
  return writer
}

/**
 * Run `record`, which takes the draft `key` away in its own transaction. The last keystroke is on
 * the disk before it, and none comes after it: else the draft would come back and be saved twice.
 */
export async function savingDraft<T>(db: Database, key: string | undefined, record: () => Promise<T>): Promise<T> {
  const writer = key === undefined ? undefined : writers.get(nameOf(db, key))
  await writer?.settled()
  const result = await record()
  writer?.close()
  return result
}
