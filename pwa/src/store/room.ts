/** How much room the browser gives this app, and whether it may clear away what is recorded here. */

export interface Room {
  /** The browser has promised to keep it; null: it does not say. */
  kept: boolean | null
  /** Bytes; null: it does not say. */
  used: number | null
  free: number | null
}

export async function readRoom(): Promise<Room> {
  const storage = navigator.storage as StorageManager | undefined
  const kept = storage?.persisted ? await storage.persisted().catch(() => null) : null
  const { usage, quota } = storage?.estimate ? await storage.estimate().catch(() => ({}) as StorageEstimate) : {}
  return { kept, used: usage ?? null, free: quota === undefined ? null : quota - (usage ?? 0) }
}

/** Ask the browser not to clear what is recorded when space runs short. */
export async function askToKeep(): Promise<void> {
  try {
    if (navigator.storage?.persist && !(await navigator.storage.persisted())) await navigator.storage.persist()
  } catch {
    // Old browsers do not know it; what is recorded stays all the same.
  }
}

/** '12 MB', '3.4 GB'. */
export function sizeInWords(bytes: number): string {
  const mb = bytes / 1024 / 1024
  return mb >= 1024 ? `${(mb / 1024).toFixed(1)} GB` : mb >= 1 ? `${Math.round(mb)} MB` : '不到 1 MB'
}
