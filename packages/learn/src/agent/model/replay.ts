/** Experience replay (Lin 1992): a model without parameters, which imagines only what was. */
import type { Imagination, Transition } from '../contracts.ts'
import type { Draws } from '../draws.ts'

export class Replay<S, A> implements Imagination<S, A> {
  readonly #capacity: number
  readonly #memory: Transition<S, A>[] = []
  #at = 0

  /** Keeps the last `capacity` steps. */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#memory.length
  }

  learn(batch: readonly Transition<S, A>[]): void {
    for (const t of batch) {
      this.#memory[this.#at] = t.imagined ? t : { ...t, imagined: true }
      this.#at = (this.#at + 1) % this.#capacity
    }
  }

  /** Uniformly, with repetition. */
  imagine(count: number, draws: Draws): Transition<S, A>[] {
    if (this.#memory.length === 0) return []
    return Array.from({ length: count }, () => this.#memory[draws.int(this.#memory.length)]!)
  }
}
