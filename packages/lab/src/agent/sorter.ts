/** An agent that learns to sort, from measured states: deep Q-learning with replay, two batches of 128 a real step. */
import {
  Agent,
  dyna,
  greedy,
  identity,
  learnEpisode,
  networkActionValues,
  Replay,
  sort,
  type Vector,
  type World,
} from '@dioramic/learn/agent'
import type { Key } from '@dioramic/tensor'
import { engine } from './engine.ts'

/** Lets it live for so many real steps; returns what it has learned. */
export async function learnToSort(world: World<Float64Array, number>, steps: number, key: Key) {
  const value = await networkActionValues({ engine, state: sort.size, actions: 3, discount: 0.97, key: key.fork('value') })
  const policy = greedy(value, 0.15)
  const model = new Replay<Vector, number>(50_000)
  const planner = dyna({ model, value, batch: 128 })
  const agent = new Agent<Float64Array, Vector, number>(
    { perception: identity(), policy, model, planner, learnOnline: false },
    key.fork('agent'),
  )
  for (let e = 0, done = 0; done < steps; e++)
    done += (await learnEpisode(agent, world, { key: key.fork('episodes').fork(e), budget: { plans: done < 500 ? 0 : 2 } })).steps
  return { policy, dispose: () => value.dispose() }
}
