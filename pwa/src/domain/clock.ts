/**
 * The phone's clock, and how far it is off. `offsetMs` is server minus device clock, as last
 * measured; positive when the device runs late.
 */
export interface Clock {
  now(): number
  offsetMs: number
}

const TOLERATED_MS = 2 * 60 * 1000

/** True if `then` is at least `ms` ago; also if it lies as far ahead: the clock was put back since. */
export const isAgo = (then: number, ms: number, clock: Pick<Clock, 'now'> = phoneClock) => Math.abs(clock.now() - then) >= ms

/** The clock of this page or service worker. */
export const phoneClock: Clock = watchedClock(
  () => Date.now(),
  () => performance.now(),
)

/**
 * A clock whose offset is forgotten once somebody may have put it right: `steady` goes on as time does,
 * whatever is done to `now`, but on many phones stands still while they sleep.
 */
export function watchedClock(now: () => number, steady: () => number): Clock {
  let offset = 0
  let apart = now() - steady()
  return {
    now,
    get offsetMs() {
      const before = apart
      apart = now() - steady()
      offset = offsetAfter(offset, apart - before)
      return offset
    },
    set offsetMs(measured) {
      offset = measured
      apart = now() - steady()
    },
  }
}

/**
 * What still holds of an offset after the clock went `wentMs` further than time is known to have gone. None of it
 * when the clock went back, or far enough that a late one may have been put right: to correct it
 * once more would claim the future, which the server refuses. Should it only have slept, the
 * claim is as late as the clock, and the server is told by how much.
 */
export function offsetAfter(offsetMs: number, wentMs: number): number {
  const back = wentMs < -TOLERATED_MS
  const caughtUp = offsetMs > TOLERATED_MS && wentMs > offsetMs - TOLERATED_MS
  return back || caughtUp ? 0 : offsetMs
}

/** Milliseconds since 1970 as this phone best knows: a badly wrong clock is corrected. */
export function correctedNow(clock: Clock = phoneClock): number {
  return clock.now() + (Math.abs(clock.offsetMs) > TOLERATED_MS ? clock.offsetMs : 0)
}
