/**
 * The common model of the intelligent decision maker (Sutton 2022, arXiv 2202.13252) as contracts. An agent is four learnable parts joined by one signal, the
 * subjective state S: perception makes it, the reactive policy acts on it, the value function predicts reward from it, the transition model predicts the next one.
 * Planning is what a model is for. No part may read anything but the arguments of its methods.
 *
 * O: what the world shows. A: what the agent does. Parts may answer at once or by a promise; numbers are plain f64.
 */

import type { Key } from '@dioramic/tensor'
import type { Draws } from './draws.ts'

/** At once, or later. */
export type Awaitable<T> = T | Promise<T>

/** Which actions (or observations) there are: numbers 0 … count − 1, or vectors within bounds. */
export type Space =
  | { readonly type: 'discrete'; readonly count: number }
  | { readonly type: 'box'; readonly low: readonly number[]; readonly high: readonly number[] }

/** A vector: an action of a box, a feature vector, a measured state. */
export type Vector = ArrayLike<number>

/** What a world answers to an action. */
export interface Outcome<O> {
  readonly observation: O
  readonly reward: number
  /** The episode ended in the world: nothing is to be had any more. */
  readonly terminal: boolean
  /** The episode was cut off by a limit of time: the world would have gone on, so the next state keeps its value. */
  readonly truncated: boolean
}

/** All that is not the agent. The reward is made here, outside of the agent's control. */
export interface World<O, A> {
  readonly name: string
  readonly actions: Space
  /** Begins an episode; the same key, the same episode. */
  reset(key: Key): Awaitable<O>
  /** @throws AgentError before `reset`, after the end of an episode, or for what is not an action */
  step(action: A): Awaitable<Outcome<O>>
  /** Gives back what the world holds. */
  close?(): Awaitable<void>
}

/** One step of experience, real or imagined: states, never observations. */
export interface Transition<S, A> {
  readonly state: S
  readonly action: A
  readonly reward: number
  readonly next: S
  /** `next` is worth nothing. */
  readonly terminal: boolean
  /** Made by the model. */
  readonly imagined?: boolean
}

/** Previous state, last action, new observation → state. Both are null at the start of an episode. */
export interface Perception<O, S, A> {
  perceive(state: S | null, action: A | null, observation: O): Awaitable<S>
}

/** State → action, without deliberation. */
export interface ReactivePolicy<S, A> {
  /** Draws an action. */
  sample(state: S, draws: Draws): Awaitable<A>
  /** The action it holds best, without chance. */
  mode(state: S): Awaitable<A>
  /** Learns from experience and the value function's error at each step of it (in the order of the batch). */
  learn?(batch: readonly Transition<S, A>[], errors: Vector): Awaitable<void>
}

/** What predicts future reward, and learns from experience. */
export interface Critic<S, A> {
  /** Learns from experience; returns the moment-to-moment errors (TD errors) as they were before learning. */
  learn(batch: readonly Transition<S, A>[]): Awaitable<Vector>
  /** The start of an episode: what is remembered of the last one (traces) is dropped. */
  begin?(): void
}

/** State → expected return under the policy. */
export interface ValueFunction<S, A> extends Critic<S, A> {
  value(state: S): Awaitable<number>
}

/** State and action → expected return. */
export interface ActionValueFunction<S, A> extends Critic<S, A> {
  value(state: S, action: A): Awaitable<number>
}

/** Of all actions at once, where they can be counted. */
export interface DiscreteActionValues<S> extends ActionValueFunction<S, number> {
  values(state: S): Awaitable<Vector>
}

/** What a model says of an action in a state. */
export interface Imagined<S> {
  readonly next: S
  readonly reward: number
  readonly terminal: boolean
}

/** Experience to learn from without the world: a memory, or a model that begins where the agent has been. */
export interface Imagination<S, A> {
  learn(batch: readonly Transition<S, A>[]): Awaitable<void>
  /** `count` imagined steps; fewer, or none, while there is nothing to begin with. */
  imagine(count: number, draws: Draws): Awaitable<readonly Transition<S, A>[]>
}

/** State and action → next state and reward. */
export interface TransitionModel<S, A> extends Imagination<S, A> {
  /** The outcome of each action in the state beside it. */
  predict(states: readonly S[], actions: readonly A[]): Awaitable<readonly Imagined<S>[]>
}

/** Uses the model in the background (`plan`), at the moment of decision (`decide`), or both. */
export interface Planner<S, A> {
  /** Hears what really happened, and the value function's error. */
  notice?(real: Transition<S, A>, error: number): void
  /** One unit of planning; false when there is nothing to plan. */
  plan?(draws: Draws): Awaitable<boolean>
  /** The action for this state, by looking ahead. */
  decide?(state: S, draws: Draws): Awaitable<A>
}

/** How long the background may run: in units of planning (what tests need: the same numbers every time), or in milliseconds. */
export type Budget = { readonly plans: number } | { readonly milliseconds: number }
