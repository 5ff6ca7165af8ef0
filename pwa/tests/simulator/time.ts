/** Time in a simulated world: it stands, and goes on only when it is told to. */

interface Timer {
  at: number
  ring: () => void
}

/** The timers of one process, by the time of the world. */
export class Timers {
  private readonly waiting = new Map<number, Timer>()
  private last = 0

  constructor(private readonly now: () => number) {}

  set = (ring: () => void, after = 0): number => {
    this.waiting.set(++this.last, { at: this.now() + after, ring })
    return this.last
  }

  clear = (id?: number): void => {
    if (id !== undefined) this.waiting.delete(id)
  }

  /** Ring what is due by now, the earliest first. */
  ringDue(): void {
    const due = [...this.waiting].filter(([, { at }]) => at <= this.now()).sort(([a, one], [b, other]) => one.at - other.at || a - b)
    for (const [id, { ring }] of due) if (this.waiting.delete(id)) ring()
  }
}
