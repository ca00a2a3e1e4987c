import type { Planner } from '../contracts.ts'
import type { TableModel } from '../model/table.ts'
import type { LinearActionValues } from '../value/linear-action-values.ts'
import { PriorityQueue } from './heap.ts'

export interface SweepingParts {
  readonly model: TableModel
  readonly value: LinearActionValues<number>
  /** Errors below it are left alone. Default 1e-4. */
  readonly threshold?: number
}

/** Prioritised sweeping (Moore & Atkeson 1993; Peng & Williams 1993): what changed most is looked at first, then what led there. */
export function prioritisedSweeping({ model, value, threshold = 1e-4 }: SweepingParts): Planner<number, number> {
  const queue = new PriorityQueue()
  const imagined = (state: number, action: number) => ({ state, action, ...model.predict([state], [action])[0]!, imagined: true })
  const consider = (state: number, action: number) => {
    const priority = Math.abs(value.error(imagined(state, action)))
    if (priority > threshold) queue.push(state * value.actions + action, priority)
  }
  return {
    notice: real => consider(real.state, real.action),
    plan() {
      const pair = queue.pop()
      if (pair === undefined) return false
      const state = Math.floor(pair / value.actions)
      value.learn([imagined(state, pair % value.actions)])
      for (const before of model.predecessors(state)) consider(before.state, before.action)
      return true
    },
  }
}
