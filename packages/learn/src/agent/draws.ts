/** A stream of random numbers from a key, for what runs step by step on the host. */
import { Key } from '@dioramic/tensor'

export class Draws {
  readonly #key: Key
  #count = 0
  #spare = -1

  constructor(key: Key) {
    this.#key = key
  }

  static fromSeed(seed: number): Draws {
    return new Draws(Key.fromSeed(seed))
  }

  /** From 0 to below 1, by 32 bits. */
  uniform(): number {
    if (this.#spare >= 0) {
      const word = this.#spare
      this.#spare = -1
      return word / 4294967296
    }
    const [first, second] = this.#key.fork(this.#count++).words
    this.#spare = second
    return first / 4294967296
  }

  /** 0 … count − 1, each as likely. */
  int(count: number): number {
    return Math.floor(this.uniform() * count)
  }

  /** Standard normal (Box & Muller 1958). */
  normal(): number {
    const r = Math.sqrt(-2 * Math.log(1 - this.uniform()))
    return r * Math.cos(2 * Math.PI * this.uniform())
  }

  /** A number that is as likely as its weight; weights ≥ 0 that do not all vanish. */
  weighted(weights: ArrayLike<number>): number {
    let total = 0
    for (let i = 0; i < weights.length; i++) total += weights[i]!
    let left = this.uniform() * total
    for (let i = 0; i < weights.length; i++) {
      left -= weights[i]!
      if (left < 0) return i
    }
    return weights.length - 1
  }

  /** A key that no draw of this stream uses. */
  key(): Key {
    return this.#key.fork('key').fork(this.#count++)
  }
}
