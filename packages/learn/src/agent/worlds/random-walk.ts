import type { Key } from '@dioramic/tensor'
import type { Outcome, World } from '../contracts.ts'
import { Draws } from '../draws.ts'
import { AgentError } from '../error.ts'

/** The random walk of Sutton (1988): `length` states in a row, a step left or right by chance whatever is done; off the right end pays 1, off the left end 0. State i (from 0) is worth (i + 1)/(length + 1). */
export class RandomWalk implements World<number, number> {
  readonly name = 'random-walk'
  readonly actions = { type: 'discrete', count: 1 } as const
  readonly #length: number
  #draws: Draws | null = null
  #state = 0

  constructor(length = 5) {
    this.#length = length
  }

  reset(key: Key): number {
    this.#draws = new Draws(key)
    return (this.#state = this.#length >> 1)
  }

  step(): Outcome<number> {
    if (!this.#draws) throw new AgentError('random-walk: the episode is over or has not begun; call reset(key)')
    const next = this.#state + (this.#draws.uniform() < 0.5 ? -1 : 1)
    const terminal = next < 0 || next === this.#length
    if (terminal) this.#draws = null
    else this.#state = next
    return { observation: this.#state, reward: next === this.#length ? 1 : 0, terminal, truncated: false }
  }
}
