/** Everything that is left to chance in a schedule comes from its seed. */
import { randomFrom } from '../mortal/random'

export class Chance {
  private readonly random: () => number

  constructor(seed: number) {
    this.random = randomFrom(seed)
  }

  is(probability: number): boolean {
    return this.random() < probability
  }

  below(limit: number): number {
    return Math.floor(this.random() * limit)
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T
  }

  fill<Bytes extends Uint8Array>(bytes: Bytes): Bytes {
    for (let at = 0; at < bytes.length; at++) bytes[at] = this.below(256)
    return bytes
  }
}
