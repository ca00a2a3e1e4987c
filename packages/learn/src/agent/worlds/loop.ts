import type { Outcome, World } from '../contracts.ts'

/** A task without end: states 0 … n − 1 in a circle, and the reward for leaving each. The average reward is their mean. */
export class Loop implements World<number, number> {
  readonly name = 'loop'
  readonly actions = { type: 'discrete', count: 1 } as const
  readonly #rewards: readonly number[]
  #state = 0

  constructor(rewards: readonly number[]) {
    this.#rewards = rewards
  }

  reset(): number {
    return (this.#state = 0)
  }

  step(): Outcome<number> {
    const reward = this.#rewards[this.#state]!
    this.#state = (this.#state + 1) % this.#rewards.length
    return { observation: this.#state, reward, terminal: false, truncated: false }
  }
}
