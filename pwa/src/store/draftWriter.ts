/** Writes a draft again and again, one write at a time, the last value wins. */
import type { Database } from './db'

export interface DraftWriter {
  /** Write this value as soon as the write before it is done. */
  write(value: unknown): void
  /** Resolves when nothing is waiting to be written. */
  settled(): Promise<void>
  /** Take the draft away; what was waiting to be written is not. */
  remove(): Promise<void>
}

export function draftWriter(db: Database, key: string): DraftWriter {
  let next: { value: unknown } | null = null
  let running: Promise<void> | null = null

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

  return {
    write(value) {
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
    },
  }
}
