import {
  Agent,
  Draws,
  dyna,
  type Features,
  greedy,
  identity,
  LinearActionValues,
  learnEpisode,
  lookup,
  networkActionValues,
  type Perception,
  type Remembered,
  Replay,
  random,
  recurrentPerception,
  TMaze,
  testEpisode,
  tileCoding,
  trace,
  type Vector,
} from '@dioramic/learn/agent'
import type { Key } from '@dioramic/tensor'
import { share } from '../evidence.ts'
import { type Job, part } from '../experiment.ts'
import { engine } from './engine.ts'

interface Config {
  readonly [name: string]: number
  readonly length: number
  readonly episodes: number
  readonly tests: number
}
const LIMIT = 60
const DISCOUNT = 0.95

/** Episodes of random actions, as perception remembers them. */
async function wander(world: TMaze, count: number, key: Key): Promise<Remembered[][]> {
  const draws = new Draws(key)
  const chance = random<number>(world.actions)
  const episodes: Remembered[][] = []
  for (let e = 0; e < count; e++) {
    const episode: Remembered[] = []
    let observation: Vector = world.reset(key.fork(e))
    for (let over = false; !over; ) {
      const action = chance.sample(0, draws) as number
      const o = world.step(action)
      episode.push({ observation, action, reward: o.reward })
      observation = o.observation
      over = o.terminal
    }
    episodes.push(episode)
  }
  return episodes
}

async function run({ arm, config, key }: Job<Config>) {
  const world = new TMaze(config.length)
  let perception: Perception<readonly number[], Vector, number>
  if (arm === 'recurrent') {
    const learned = await recurrentPerception({ engine, observation: 4, actions: 3, key: key.fork('perception'), units: 8, length: 20 })
    const episodes = await wander(world, 500, key.fork('wandering'))
    const draws = new Draws(key.fork('batches'))
    for (let i = 0; i < 400; i++) await learned.learn(episodes, draws)
    perception = learned as Perception<readonly number[], Vector, number>
  } else
    perception = (arm === 'trace' ? trace((o: readonly number[]) => o, 0.8) : identity()) as Perception<readonly number[], Vector, number>

  const learnWith = async (agent: Agent<readonly number[], Vector, number>, plans: number) => {
    for (let e = 0; e < config.episodes; e++)
      await learnEpisode(agent, world, { key: key.fork('episodes').fork(e), budget: { plans }, limit: LIMIT })
    let good = 0
    for (let e = 0; e < config.tests; e++) {
      const episode = await testEpisode(agent, world, { key: key.fork('tests').fork(e), limit: LIMIT })
      if (episode.terminal && episode.last === 1) good++
    }
    return { good }
  }
  if (arm === 'recurrent') {
    const value = await networkActionValues({
      engine,
      state: 8,
      actions: 3,
      discount: DISCOUNT,
      key: key.fork('value'),
      hidden: 32,
      rate: 3e-3,
    })
    const policy = greedy(value, 0.1)
    const model = new Replay<Vector, number>(5000)
    const planner = dyna({ model, value, batch: 32 })
    return learnWith(new Agent({ perception, policy, value, model, planner, learnOnline: false }, key.fork('agent')), 1)
  }
  // The sign in the trace fades to (1 − λ) λᴸ: tiles are told apart by its square root.
  const tiles = tileCoding({ low: [-1, 0, 0], high: [1, 1, 1], tiles: 8, tilings: 4 })
  const features: Features<Vector> =
    arm === 'trace'
      ? {
          ...tiles,
          active: s => {
            const faded = s[4]! - s[5]!
            return tiles.active([Math.sign(faded) * Math.sqrt(Math.abs(faded)), s[3]!, s[0]! + s[1]!])
          },
        }
      : lookup(16)
  const value = new LinearActionValues(features, { actions: 3, discount: DISCOUNT, rate: 0.2 })
  return learnWith(new Agent({ perception, policy: greedy(value, 0.1), value }, key.fork('agent')), 0)
}

export const tMaze = part<Config, Awaited<ReturnType<typeof run>>>({
  name: 't-maze',
  code: ['lab/src/agent/t-maze.ts', 'learn/src/agent'],
  about:
    'A sign at the start of a corridor says which way to turn at its end; on the way all looks alike. The same learning of values on three perceptions: the observation itself, with exponential traces of past ones, and the state of a recurrent network that was trained to predict rewards.',
  arms: ['no memory', 'trace', 'recurrent'],
  config: quick => ({ seeds: quick ? 2 : 5, length: 5, episodes: 400, tests: 60 }),
  seconds: () => 3,
  run,
  conclude(of, { tests }) {
    const rate = (arm: string) =>
      share(
        `T-maze: success, ${arm}`,
        of(arm).reduce((n, r) => n + r.good, 0),
        of(arm).length * tests,
      )
    return { claims: [rate('no memory'), rate('trace'), rate('recurrent')] }
  },
})
