/** Writes a draft again and again, one write at a time, the last value wins. */
import type { Database } from './db'

export interface DraftWriter {
  /** What lies under the key could not be read: it is neither written over nor taken away. */
  unread: boolean
  /** Write this value as soon as the write before it is done. */
  write(value: unknown): void
  /** Resolves when nothing is waiting to be written. */
  settled(): Promise<void>
  /** Take the draft away; what was waiting to be written is not. The writer may be used again. */
  remove(): Promise<void>
  /** Resolves when nothing is waiting to be written; what is written from then on waits for `release`. */
  hold(): Promise<void>
  /** Write what waited. */
  release(): void
  /** The draft was saved as a record: what waited, and whatever is still written, is dropped. */
  close(): void
}

/** The writers of the forms that are open now, by database and key. */
const writers = new Map<string, DraftWriter>()
const nameOf = (db: Database, key: string) => `${db.name} ${key}`

/** `told` hears of each write: why it failed, or null. */
export function draftWriter(db: Database, key: string, told: (error: unknown) => void = () => {}): DraftWriter {
  let next: { value: unknown } | null = null
  let running: Promise<void> | null = null
  let held = false
  let closed = false

  async function run(): Promise<void> {
    while (next && !held) {
      const { value } = next
      next = null
      try {
        await db.drafts.put({ key, value })
        told(null)
      } catch (error) {
        // A full disk must not stop the typing; the next change tries again.
        console.error('draft:', (error as Error).name)
        told(error)
      }
    }
    running = null
  }

  async function settled(): Promise<void> {
    while (running) await running
  }

  const writer: DraftWriter = {
    unread: false,
    write(value) {
      if (closed || writer.unread) return
      next = { value }
      if (!held) running ??= run()
    },
    settled,
    async remove() {
      next = null
      await settled()
      if (!writer.unread) await db.drafts.delete(key)
      closed = false
    },
    async hold() {
      while (running) await running
      held = true
    },
    release() {
      held = false
      if (next) running ??= run()
    },
    close() {
      next = null
      held = false
      closed = true
    },
  }
  writers.set(nameOf(db, key), writer)
  return writer
}

/**
 * Run `record`, which takes the draft away in its own transaction, under the key that it is given
 * (undefined: none is taken away). The last keystroke is on the disk before it. One that comes while it runs
 * waits: written in between, it would bring the draft back and be saved twice.
 */
export async function savingDraft<T>(
  db: Database,
  key: string | undefined,
  record: (key: string | undefined) => Promise<T>,
): Promise<T> {
  const writer = key === undefined ? undefined : writers.get(nameOf(db, key))
  await writer?.hold()
  try {
    const result = await record(writer?.unread ? undefined : key)
    writer?.close()
    return result
  } catch (error) {
    writer?.release()
    throw error
  }
}
