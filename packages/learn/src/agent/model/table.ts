/** The transition model as a table: what happened last in each state with each action. Right for worlds without chance. */
import type { Imagined, Transition, TransitionModel } from '../contracts.ts'
import type { Draws } from '../draws.ts'
import { AgentError } from '../error.ts'

export interface TableOptions {
  readonly actions: number
  /**
   * Dyna-Q+ (Sutton 1990): imagined reward grows by κ √τ, τ the real steps since the pair was last tried; and actions that were never tried in a state that was
   * seen are imagined too, as staying there for nothing. Without it, only what was tried is imagined.
   */
  readonly curiosity?: number
}

interface Row {
  readonly state: number
  readonly outcomes: (Imagined<number> | undefined)[]
  /** Real step at which each action was last tried (0: never). */
  readonly tried: Float64Array
  /** Actions that may be imagined. */
  readonly known: number[]
}

export class TableModel implements TransitionModel<number, number> {
  readonly #actions: number
  readonly #curiosity: number
  readonly #rows = new Map<number, Row>()
  readonly #seen: Row[] = []
  readonly #into = new Map<number, Set<number>>()
  #time = 0

  constructor({ actions, curiosity = 0 }: TableOptions) {
    this.#actions = actions
    this.#curiosity = curiosity
  }

  learn(batch: readonly Transition<number, number>[]): void {
    for (const { state, action, reward, next, terminal } of batch) {
      this.#time++
      const row = this.#row(state)
      const old = row.outcomes[action]
      const pair = state * this.#actions + action
      if (old && row.tried[action]! > 0) this.#into.get(old.next)?.delete(pair)
      else if (!row.known.includes(action)) row.known.push(action)
      row.outcomes[action] = { next, reward, terminal }
      row.tried[action] = this.#time
      const into = this.#into.get(next)
      if (into) into.add(pair)
      else this.#into.set(next, new Set([pair]))
    }
  }

  /** @throws AgentError for what was never tried */
  predict(states: readonly number[], actions: readonly number[]): Imagined<number>[] {
    return states.map((s, i) => {
      const a = actions[i]!
      const row = this.#rows.get(s)
      const outcome = row?.outcomes[a]
      if (!row || !outcome) throw new AgentError(`the model has not seen action ${a} in state ${s}; ask knows() first`)
      if (this.#curiosity === 0) return outcome
      return { ...outcome, reward: outcome.reward + this.#curiosity * Math.sqrt(this.#time - row.tried[a]!) }
    })
  }

  knows(state: number, action: number): boolean {
    return this.#rows.get(state)?.outcomes[action] !== undefined
  }

  /** States that were seen, uniformly, and of each an action that may be imagined, uniformly. */
  imagine(count: number, draws: Draws): Transition<number, number>[] {
    if (this.#seen.length === 0) return []
    return Array.from({ length: count }, () => {
      const row = this.#seen[draws.int(this.#seen.length)]!
      const action = row.known[draws.int(row.known.length)]!
      const [outcome] = this.predict([row.state], [action])
      return { state: row.state, action, ...outcome!, imagined: true }
    })
  }

  /** The pairs that led into a state when they were last tried. */
  predecessors(state: number): { readonly state: number; readonly action: number }[] {
    const pairs = [...(this.#into.get(state) ?? [])]
    return pairs.map(p => ({ state: Math.floor(p / this.#actions), action: p % this.#actions }))
  }

  #row(state: number): Row {
    let row = this.#rows.get(state)
    if (!row) {
      const curious = this.#curiosity > 0
      const outcomes = Array.from({ length: this.#actions }, () => (curious ? { next: state, reward: 0, terminal: false } : undefined))
      row = { state, outcomes, tried: new Float64Array(this.#actions), known: curious ? outcomes.map((_, a) => a) : [] }
      this.#rows.set(state, row)
      this.#seen.push(row)
    }
    return row
  }
}
