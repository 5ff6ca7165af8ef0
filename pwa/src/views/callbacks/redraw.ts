/** Draw again from what a draw says, as server/domain/callbacks.py does: anybody can check the sample. */

/** The first `size` of the population, in the order of SHA-256 of "<seed>:<id>". */
export async function redrawn(seed: string, population: string[], size: number): Promise<string[]> {
  const lots = await Promise.all(population.map(async (id) => ({ id, lot: await sha256(`${seed}:${id}`) })))
  lots.sort((a, b) => (a.lot < b.lot ? -1 : 1))
  return lots.slice(0, size).map(({ id }) => id)
}

/** True if the same were drawn, in whatever order they are listed. */
export function isSame(some: string[], others: string[]): boolean {
  return some.length === others.length && [...some].sort().join() === [...others].sort().join()
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
