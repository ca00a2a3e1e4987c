/** The agent: four parts, one state between them, a foreground that reacts and a background that plans. */
import type { Key } from '@dioramic/tensor'
import type { Budget, Critic, Imagination, Perception, Planner, ReactivePolicy, Transition } from './contracts.ts'
import { Draws } from './draws.ts'
import { AgentError } from './error.ts'

export interface AgentParts<O, S, A> {
  readonly perception: Perception<O, S, A>
  readonly policy: ReactivePolicy<S, A>
  /** Without it nothing tells the policy what was good: perception and policy alone are an agent that does not learn by reward. */
  readonly value?: Critic<S, A>
  readonly model?: Imagination<S, A>
  readonly planner?: Planner<S, A>
  /** False: real steps only feed the model, and all learning happens in the background (as with replay). Default true. */
  readonly learnOnline?: boolean
}

export class Agent<O, S, A> {
  readonly parts: AgentParts<O, S, A>
  readonly #draws: Draws
  readonly #background: Draws
  #state: S | null = null
  #action: A | null = null

  /** The same key, parts and observations: the same actions. */
  constructor(parts: AgentParts<O, S, A>, key: Key) {
    this.parts = parts
    this.#draws = new Draws(key.fork('foreground'))
    this.#background = new Draws(key.fork('background'))
  }

  /** The subjective state after the last observation; null before the first. */
  get state(): S | null {
    return this.#state
  }

  /** The first observation of an episode. */
  async start(observation: O): Promise<A> {
    this.parts.value?.begin?.()
    this.#action = null
    this.#state = await this.parts.perception.perceive(null, null, observation)
    return this.#act(this.#state)
  }

  /** What came of the last action; the next one. */
  async step(reward: number, observation: O): Promise<A> {
    return this.#act(await this.#hear(reward, observation, false))
  }

  /** What came of the last action of an episode. `terminal` is false where it was only cut off. */
  async end(reward: number, observation: O, terminal: boolean): Promise<void> {
    await this.#hear(reward, observation, terminal)
    this.#action = null
  }

  /** Background: plans until the budget is spent or there is nothing to plan; returns the units done. */
  async plan(budget: Budget): Promise<number> {
    const planner = this.parts.planner
    if (!planner?.plan) return 0
    const end = 'milliseconds' in budget ? performance.now() + budget.milliseconds : Number.POSITIVE_INFINITY
    const most = 'plans' in budget ? budget.plans : Number.POSITIVE_INFINITY
    let done = 0
    while (done < most && performance.now() < end) {
      const more = planner.plan(this.#background)
      if (!(typeof more === 'boolean' ? more : await more)) break
      done++
    }
    return done
  }

  /** Acts without learning or chance on a state from `perceive`: for tests of what was learned. */
  mode(state: S): Promise<A> | A {
    return this.parts.planner?.decide ? this.parts.planner.decide(state, this.#draws) : this.parts.policy.mode(state)
  }

  async #act(state: S): Promise<A> {
    const { planner, policy } = this.parts
    this.#action = planner?.decide ? await planner.decide(state, this.#draws) : await policy.sample(state, this.#draws)
    return this.#action
  }

  async #hear(reward: number, observation: O, terminal: boolean): Promise<S> {
    const { perception, policy, value, model, planner, learnOnline = true } = this.parts
    const [state, action] = [this.#state, this.#action]
    if (state === null || action === null)
      throw new AgentError('the agent was told of an outcome before it acted: call start(observation) first')
    const next = await perception.perceive(state, action, observation)
    const batch: readonly Transition<S, A>[] = [{ state, action, reward, next, terminal }]
    if (learnOnline && value) {
      const errors = await value.learn(batch)
      if (policy.learn) await policy.learn(batch, errors)
      if (model) await model.learn(batch)
      planner?.notice?.(batch[0]!, errors[0]!)
    } else if (model) await model.learn(batch)
    this.#state = next
    return next
  }
}
