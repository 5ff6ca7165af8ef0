/** How long to wait between attempts. */
const SHORTEST_MS = 5 * 1000
const LONGEST_MS = 5 * 60 * 1000

/**
 * Milliseconds until the next attempt: 5 s after the first failure, doubled with each up to 5 min,
 * with jitter, so that a township's phones don't all come at once; 5 min when all is well.
 */
export function waitAfter(failed: number, random: () => number = Math.random): number {
  if (failed === 0) return LONGEST_MS
  return Math.min(LONGEST_MS, SHORTEST_MS * 2 ** (failed - 1)) * (0.75 + random() / 4)
}

/** Milliseconds until a phone asks again for its turn: what the server said, and up to as long again, so that not all come at once. */
export function waitForTurn(afterS: number | null, random: () => number = Math.random): number {
  return (afterS === null ? SHORTEST_MS : afterS * 1000) * (1 + random())
}
