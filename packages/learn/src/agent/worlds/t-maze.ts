import type { Key } from '@dioramic/tensor'
import type { Outcome, World } from '../contracts.ts'
import { Draws } from '../draws.ts'
import { AgentError } from '../error.ts'

/**
 * The T-maze (Bakker 2002): a sign at the start says at which side of the far junction the reward lies; on the way there all looks alike. Actions: 0 forward, 1 left, 2 right.
 * Observations: [sign left, sign right, corridor, junction]. Turning in the corridor, or going on at the junction, changes nothing and costs 0.1; the right side ends with 1, the wrong one with −1.
 * Who sees only the present is right half of the time.
 */
export class TMaze implements World<readonly number[], number> {
  readonly name = 't-maze'
  readonly actions = { type: 'discrete', count: 3 } as const
  readonly #length: number
  #left = false
  #at = -1

  /** @param length of the corridor, steps from the sign to the junction, from 1 */
  constructor(length = 5) {
    if (!Number.isInteger(length) || length < 1)
      throw new AgentError(`the corridor of a T-maze is a whole number of steps from 1, not ${length}`)
    this.#length = length
  }

  reset(key: Key): readonly number[] {
    this.#left = new Draws(key).uniform() < 0.5
    this.#at = 0
    return this.#look()
  }

  step(action: number): Outcome<readonly number[]> {
    if (this.#at < 0) throw new AgentError('t-maze: the episode is over or has not begun; call reset(key)')
    if (action !== 0 && action !== 1 && action !== 2) throw new AgentError(`t-maze: actions are 0 forward, 1 left, 2 right, not ${action}`)
    const junction = this.#at === this.#length
    if (junction && action !== 0) {
      const right = (action === 1) === this.#left
      const observation = this.#look()
      this.#at = -1
      return { observation, reward: right ? 1 : -1, terminal: true, truncated: false }
    }
    const moved = !junction && action === 0
    if (moved) this.#at++
    return { observation: this.#look(), reward: moved ? 0 : -0.1, terminal: false, truncated: false }
  }

  #look(): readonly number[] {
    if (this.#at === 0) return this.#left ? [1, 0, 0, 0] : [0, 1, 0, 0]
    return this.#at === this.#length ? [0, 0, 0, 1] : [0, 0, 1, 0]
  }
}
