/** Perception that is learned: a gated recurrent unit whose state must suffice to predict the reward of every action. */
import {
  compile,
  type Key,
  mean,
  mul,
  type NDArray,
  nn,
  numbersOf,
  oneHot,
  optim,
  sub,
  sum,
  type Tensor,
  type Tree,
  trainStep,
} from '@dioramic/tensor'
import type { Perception, Vector } from '../contracts.ts'
import type { Draws } from '../draws.ts'
import { AgentError } from '../error.ts'
import { type Engine, indices, rows } from '../network/engine.ts'

/** One step of a remembered episode: what was seen, what was done, what was paid for it. */
export interface Remembered {
  readonly observation: Vector
  readonly action: number
  readonly reward: number
}

export interface RecurrentOptions {
  readonly engine: Engine
  /** Numbers in an observation. */
  readonly observation: number
  readonly actions: number
  readonly key: Key
  /** Numbers in the subjective state. Default 16. */
  readonly units?: number
  /** Longest episode that is learned from; of longer ones the first steps. Default 16. */
  readonly length?: number
  /** Adam's rate. Default 5e-3. */
  readonly rate?: number
}

export interface RecurrentPerception extends Perception<Vector, Float64Array, number> {
  /** One gradient step through time on `batch` of the episodes; returns the mean squared error of the predicted rewards. */
  learn(episodes: readonly (readonly Remembered[])[], draws: Draws): Promise<number>
  dispose(): Promise<void>
}

const BATCH = 32

/**
 * state = GRU(state, [observation, last action]) (Cho et al. 2014), trained by back-propagation through time so that a linear map of the state predicts the reward of the action
 * taken. It reads the previous state, the last action and the new observation, nothing else.
 */
export async function recurrentPerception(options: RecurrentOptions): Promise<RecurrentPerception> {
  const { engine, observation: d, actions, key, units = 16, length = 16, rate = 5e-3 } = options
  const width = d + actions
  const net = { memory: nn.gru(width, units), reward: nn.linear(units, actions) }
  const params = { memory: net.memory.init(key.fork('memory')).params, reward: net.reward.init(key.fork('reward')).params }
  type P = { readonly memory: Tree<Tensor>; readonly reward: Tree<Tensor> }
  const steps = await trainStep(
    (p, _s, b: { x: Tensor; a: Tensor; r: Tensor; real: Tensor }) => {
      const { memory, reward } = p as unknown as P
      const h = net.memory.apply(memory, {}, b.x)[0]
      const guess = sum(mul(net.reward.apply(reward, {}, h)[0], oneHot(b.a, actions)), 2)
      const e = mul(sub(guess, b.r), b.real)
      return mean(mul(e, e))
    },
    optim.chain(optim.adam({ lr: rate }), optim.clipByGlobalNorm(1)),
    { ...engine, params, key: key.fork('train') },
  )
  const cell = net.memory.decoder({ batch: 1, length })
  const { state: still } = cell.init(key)
  const advance = compile((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => cell.apply(p, s, x)[0], engine.runtime)
  const input = (action: number | null, observation: Vector): Float64Array => {
    const x = new Float64Array(width)
    x.set(Array.from(observation))
    if (action !== null) x[d + action] = 1
    return x
  }
  return {
    async perceive(state, action, observation) {
      if (observation.length !== d) throw new AgentError(`recurrent perception of ${d} numbers was given ${observation.length}`)
      const x = rows([input(action, observation)], width)
      const before = state === null ? still : { states: [rows([state], units)] }
      const p = (steps.params as { memory: Tree<NDArray> }).memory
      const h = (await advance(p, before, { ...x, shape: [1, 1, width] })) as NDArray
      return Float64Array.from(numbersOf(h) as ArrayLike<number>)
    },
    async learn(episodes, draws) {
      if (episodes.length === 0) throw new AgentError('recurrent perception learns from at least one remembered episode')
      const x = new Float32Array(BATCH * length * width)
      const a: number[] = new Array(BATCH * length).fill(0)
      const r = new Float32Array(BATCH * length)
      const real = new Float32Array(BATCH * length)
      for (let k = 0; k < BATCH; k++) {
        const episode = episodes[draws.int(episodes.length)]!
        for (let t = 0; t < Math.min(length, episode.length); t++) {
          const at = k * length + t
          x.set(input(t === 0 ? null : episode[t - 1]!.action, episode[t]!.observation), at * width)
          a[at] = episode[t]!.action
          r[at] = episode[t]!.reward
          real[at] = 1
        }
      }
      const shape = [BATCH, length]
      const { loss } = await steps.step({
        x: { dtype: 'f32', shape: [...shape, width], data: x },
        a: { ...indices(a), shape },
        r: { dtype: 'f32', shape, data: r },
        real: { dtype: 'f32', shape, data: real },
      })
      return loss
    },
    async dispose() {
      await Promise.all([steps.dispose(), advance.dispose()])
    },
  }
}
