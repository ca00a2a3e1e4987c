/** Agent and world together. */
import type { Key } from '@dioramic/tensor'
import type { Agent } from './agent.ts'
import type { Budget, Outcome, World } from './contracts.ts'

export interface Episode {
  readonly steps: number
  /** Sum of rewards, not discounted. */
  readonly return: number
  /** Reward of the last step: in worlds of success and failure, which it was. */
  readonly last: number
  readonly terminal: boolean
}

export interface EpisodeOptions<O> {
  /** Of the world's chances in this episode. */
  readonly key: Key
  /** Background planning after each step. */
  readonly budget?: Budget
  /** Cut off after so many steps. */
  readonly limit?: number
  readonly onStep?: (outcome: Outcome<O>) => void
}

/** One episode in which the agent learns. */
export async function learnEpisode<O, S, A>(agent: Agent<O, S, A>, world: World<O, A>, options: EpisodeOptions<O>): Promise<Episode> {
  const { key, budget, limit = Number.POSITIVE_INFINITY, onStep } = options
  let action = await agent.start(await world.reset(key))
  let total = 0
  for (let steps = 1; ; steps++) {
    const o = await world.step(action)
    onStep?.(o)
    total += o.reward
    const over = o.terminal || o.truncated || steps >= limit
    if (over) await agent.end(o.reward, o.observation, o.terminal)
    else action = await agent.step(o.reward, o.observation)
    if (budget) await agent.plan(budget)
    if (over) return { steps, return: total, last: o.reward, terminal: o.terminal }
  }
}

/** One episode in which nothing is learned: the agent does what it holds best. */
export async function testEpisode<O, S, A>(agent: Agent<O, S, A>, world: World<O, A>, options: EpisodeOptions<O>): Promise<Episode> {
  const { key, limit = Number.POSITIVE_INFINITY, onStep } = options
  const { perception } = agent.parts
  let state = await perception.perceive(null, null, await world.reset(key))
  let total = 0
  for (let steps = 1; ; steps++) {
    const action = await agent.mode(state)
    const o = await world.step(action)
    onStep?.(o)
    total += o.reward
    if (o.terminal || o.truncated || steps >= limit) return { steps, return: total, last: o.reward, terminal: o.terminal }
    state = await perception.perceive(state, action, o.observation)
  }
}
