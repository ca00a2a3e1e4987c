import {
  Agent,
  dyna,
  greedy,
  LinearActionValues,
  learnEpisode,
  oneHot,
  type Perception,
  type ReactivePolicy,
  random,
  TableModel,
  TMaze,
} from '@dioramic/learn/agent'
import { share } from '../evidence.ts'
import { type Job, part } from '../experiment.ts'

interface Config {
  readonly [name: string]: number
  readonly length: number
  readonly episodes: number
  readonly last: number
}
const DISCOUNT = 0.95

/** What is seen, and the sign that was seen first: 2 · 4 states. */
const remembering: Perception<readonly number[], number, number> = {
  perceive: (state, _action, o) => {
    const seen = o.indexOf(1)
    const sign = state === null ? seen % 2 : state >> 2
    return sign * 4 + seen
  },
}
const forgetful: Perception<readonly number[], number, number> = { perceive: (_state, _action, o) => o.indexOf(1) }

async function run({ arm, config, key }: Job<Config>) {
  const world = new TMaze(config.length)
  const value = new LinearActionValues(oneHot(8), { actions: 3, discount: DISCOUNT, rate: 0.1 })
  const model = new TableModel({ actions: 3 })
  const parts = {
    perception: arm === 'without perception' ? forgetful : remembering,
    policy: (arm === 'without value' ? random<number>(world.actions) : greedy(value, 0.1)) as ReactivePolicy<number, number>,
    ...(arm === 'without value' ? {} : { value }),
    model,
    ...(arm === 'without value' || arm === 'without model' ? {} : { planner: dyna({ model, value }) }),
  }
  const agent = new Agent(parts, key.fork('agent'))
  const good: number[] = []
  for (let e = 0; e < config.episodes; e++) {
    const episode = await learnEpisode(agent, world, { key: key.fork(e), budget: { plans: 10 }, limit: 60 })
    // Right, and not by wandering: at most half as many steps again as are needed.
    good.push(episode.terminal && episode.last === 1 && episode.steps <= 1.5 * (config.length + 1) ? 1 : 0)
  }
  return { good }
}

export const ablation = part<Config, Awaited<ReturnType<typeof run>>>({
  name: 'ablation',
  code: ['lab/src/agent/ablation.ts', 'learn/src/agent'],
  about:
    'The T-maze again, with tables: the whole agent, and the agent without each of its parts. Success is the right turn without detours, while exploring at ε = 0.1. Without perception (the state is what is seen now) the sign is lost; without a value function nothing tells the policy what was good; without a model the same is learned, if from more of the real world where rewards are far (see the Dyna maze).',
  arms: ['whole', 'without perception', 'without value', 'without model'],
  config: quick => ({ seeds: quick ? 5 : 20, length: 6, episodes: 400, last: 200 }),
  seconds: () => 0.3,
  run,
  conclude(of, { last }) {
    const arms = ['whole', 'without perception', 'without value', 'without model']
    const rate = (arm: string) => {
      const all = of(arm).flatMap(r => r.good.slice(-last))
      return share(
        `ablation: success, ${arm}`,
        all.reduce((a, b) => a + b, 0),
        all.length,
      )
    }
    return {
      claims: arms.map(rate),
    }
  },
})
