/**
 * The phone's clock, and how far it is off. `offsetMs` is server minus device clock, as last
 * measured; positive when the device runs late.
 */
export interface Clock {
  now(): number
  offsetMs: number
}

const TOLERATED_MS = 2 * 60 * 1000

/** The clock of this page or service worker. */
export const phoneClock: Clock = { now: () => Date.now(), offsetMs: 0 }

/** Milliseconds since 1970 as this phone best knows: a badly wrong clock is corrected. */
export function correctedNow(clock: Clock = phoneClock): number {
  return clock.now() + (Math.abs(clock.offsetMs) > TOLERATED_MS ? clock.offsetMs : 0)
}
