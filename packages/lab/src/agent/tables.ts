/** Tabular agents that several experiments share. */
import {
  Agent,
  dyna,
  GridWorld,
  greedy,
  identity,
  LinearActionValues,
  type Maze,
  oneHot,
  prioritisedSweeping,
  TableModel,
} from '@dioramic/learn/agent'
import type { Key } from '@dioramic/tensor'

export interface TabularOptions {
  readonly rate: number
  readonly discount?: number
  readonly epsilon?: number
  /** κ of Dyna-Q+. */
  readonly curiosity?: number
  /** Prioritised sweeping in the place of Dyna's even sampling. */
  readonly sweeping?: boolean
}

/** Dyna-Q in a maze, as Sutton and Barto have it: ε-greedy with random ties, γ = 0.95. */
export function tabular(maze: Maze, key: Key, { rate, discount = 0.95, epsilon = 0.1, curiosity = 0, sweeping = false }: TabularOptions) {
  const world = new GridWorld(maze)
  const value = new LinearActionValues(oneHot(world.states), { actions: 4, discount, rate })
  const model = new TableModel({ actions: 4, curiosity })
  const planner = sweeping ? prioritisedSweeping({ model, value }) : dyna({ model, value })
  const agent = new Agent<number, number, number>({ perception: identity(), policy: greedy(value, epsilon), value, model, planner }, key)
  return { world, value, model, planner, agent }
}

/** Steps of the greedy way from start to goal; Infinity if it is longer than `limit`, as one that goes in circles is. */
export function greedyPath(world: GridWorld, value: LinearActionValues<number>, limit: number): number {
  let state = world.start
  for (let steps = 1; steps <= limit; steps++) {
    const q = value.values(state)
    state = world.after(state, q.indexOf(Math.max(...q)))
    if (state === world.goal) return steps
  }
  return Number.POSITIVE_INFINITY
}
