/** One agent in a maze, then the same with each of its parts swapped. Run it: node --conditions=@dioramic/source examples/agent.ts (in a clone) */
import {
  Agent,
  type Draws,
  DYNA_MAZE,
  dyna,
  GridWorld,
  greedy,
  identity,
  LinearActionValues,
  LinearValue,
  learnEpisode,
  lookAhead,
  networkActionValues,
  oneHot,
  prioritisedSweeping,
  Replay,
  Softmax,
  TableModel,
  tileCoding,
  type Vector,
} from '@dioramic/learn/agent'
import { Key } from '@dioramic/tensor'
import { createArena, nodeRuntime } from '@dioramic/tensor/node'

const world = new GridWorld(DYNA_MAZE)
const table = () => new LinearActionValues(oneHot(54), { actions: 4, discount: 0.95, rate: 0.5 })
/** Row and column of a cell, 0 … 1. */
const place = (cell: number): Vector => Float64Array.of(Math.floor(cell / 9) / 5, (cell % 9) / 8)
const places = { perceive: (_state: unknown, _action: unknown, cell: number) => place(cell) }

export const agents = {
  'the whole agent': (key: Key) => {
    const value = table()
    const model = new TableModel({ actions: 4 })
    const planner = dyna({ model, value })
    return new Agent<number, number, number>({ perception: identity(), policy: greedy(value, 0.1), value, model, planner }, key)
  },
  'another planner: prioritised sweeping': (key: Key) => {
    const value = table()
    const model = new TableModel({ actions: 4 })
    const planner = prioritisedSweeping({ model, value })
    return new Agent<number, number, number>({ perception: identity(), policy: greedy(value, 0.1), value, model, planner }, key)
  },
  'another planner: two steps ahead at each decision': (key: Key) => {
    const value = table()
    const model = new TableModel({ actions: 4 })
    const worth = (s: number) => Math.max(...value.values(s))
    const ahead = lookAhead({ model, actions: 4, discount: 0.95, depth: 2, value: worth, knows: (s: number, a) => model.knows(s, a) })
    // Where an action was never tried, the policy tries; else deliberation decides.
    const policy = greedy(value, 0.1)
    const tried = (s: number) => [0, 1, 2, 3].every(a => model.knows(s, a))
    const planner = { ...dyna({ model, value }), decide: (s: number, d: Draws) => (tried(s) ? ahead.decide!(s, d) : policy.sample(s, d)) }
    return new Agent<number, number, number>({ perception: identity(), policy, value, model, planner }, key)
  },
  'another model: replay of what was': (key: Key) => {
    const value = table()
    const model = new Replay<number, number>(10_000)
    const planner = dyna({ model, value })
    return new Agent<number, number, number>({ perception: identity(), policy: greedy(value, 0.1), value, model, planner }, key)
  },
  'another policy: softmax, taught by a critic of states': (key: Key) => {
    const value = new LinearValue(oneHot(54), { discount: 0.95, rate: 0.2 })
    const policy = new Softmax(oneHot(54), { actions: 4, rate: 1 })
    return new Agent<number, number, number>({ perception: identity(), policy, value }, key)
  },
  'another perception and value: places, and tiles over them': (key: Key) => {
    const tiles = tileCoding({ low: [0, 0], high: [1, 1], tiles: [6, 9], tilings: 4 })
    const value = new LinearActionValues<Vector>(tiles, { actions: 4, discount: 0.95, rate: 0.5 })
    const model = new Replay<Vector, number>(10_000)
    const planner = dyna({ model, value })
    return new Agent<number, Vector, number>({ perception: places, policy: greedy(value, 0.1), value, model, planner }, key)
  },
  'another value: a network of places': async (key: Key) => {
    const engine = { runtime: nodeRuntime({ threads: 1 }), arena: createArena }
    const value = await networkActionValues({ engine, state: 2, actions: 4, discount: 0.95, key: key.fork('value'), rate: 3e-3 })
    const model = new Replay<Vector, number>(10_000)
    const planner = dyna({ model, value, batch: 64 })
    const parts = { perception: places, policy: greedy(value, 0.2), value, model, planner, learnOnline: false }
    return new Agent<number, Vector, number>(parts, key)
  },
}

/** Steps of each episode while the agent learns, 5 plans after each real step. */
export async function live(name: keyof typeof agents, episodes: number, key: Key): Promise<number[]> {
  // biome-ignore lint/suspicious/noExplicitAny: the agents differ in their states.
  const agent = (await agents[name](key)) as Agent<number, any, number>
  const steps: number[] = []
  for (let e = 0; e < episodes; e++) steps.push((await learnEpisode(agent, world, { key, budget: { plans: 5 }, limit: 3000 })).steps)
  return steps
}

if (import.meta.main)
  for (const name of Object.keys(agents) as (keyof typeof agents)[])
    console.log(`${name}: ${(await live(name, name.includes('network') ? 8 : 30, Key.fromSeed(0))).join(' ')}`)
