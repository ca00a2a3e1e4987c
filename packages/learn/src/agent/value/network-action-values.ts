/** Values of actions as a network. */
import {
  add,
  argMax,
  compile,
  huber,
  type Key,
  mean,
  mul,
  type NDArray,
  numbersOf,
  oneHot,
  optim,
  sub,
  sum,
  type Tensor,
  type Tree,
} from '@dioramic/tensor'
import type { DiscreteActionValues, Transition, Vector } from '../contracts.ts'
import { type Engine, indices, mlp, rows, training } from '../network/engine.ts'

export interface NetworkActionValueOptions {
  readonly engine: Engine
  /** Numbers in a state. */
  readonly state: number
  readonly actions: number
  readonly discount: number
  readonly key: Key
  /** Units of the two hidden layers. Default 64. */
  readonly hidden?: number
  /** Adam's rate. Default 1e-3. */
  readonly rate?: number
  /** Share of the target network that stays at each update. Default 0.99. */
  readonly keep?: number
}

export interface NetworkActionValues extends DiscreteActionValues<Vector> {
  dispose(): Promise<void>
}

/** Deep Q-learning (Mnih et al. 2015) with the double estimator (van Hasselt et al. 2016): the network chooses the next action, a moving average of it says what that is worth. */
export async function networkActionValues(options: NetworkActionValueOptions): Promise<NetworkActionValues> {
  const { engine, state: d, actions, discount, key, hidden = 64, rate = 1e-3, keep = 0.99 } = options
  const net = mlp([d, hidden, hidden, actions])
  const of = (p: Tree<Tensor>, s: Tensor) => net.apply(p, {}, s)[0]
  const taken = (q: Tensor, a: Tensor) => sum(mul(q, oneHot(a, actions)), 1)
  const steps = await training(
    engine,
    net,
    (p, _s, b: { s: Tensor; a: Tensor; y: Tensor }) => mean(huber(taken(of(p, b.s), b.a), b.y)),
    optim.chain(optim.adam({ lr: rate }), optim.clipByGlobalNorm(10), optim.ema(keep)),
    key,
  )
  const targets = compile((b: { p: Tree<Tensor>; target: Tree<Tensor>; s: Tensor; a: Tensor; r: Tensor; next: Tensor; live: Tensor }) => {
    const best = argMax(of(b.p, b.next))
    const y = add(b.r, mul(mul(b.live, discount), taken(of(b.target, b.next), best)))
    return { y, error: sub(y, taken(of(b.p, b.s), b.a)) }
  }, engine.runtime)
  const forward = compile(of, engine.runtime)
  const values = async (state: Vector): Promise<Vector> => numbersOf((await forward(steps.params, rows([state], d))) as NDArray) as Vector
  return {
    values,
    value: async (state, action) => (await values(state))[action]!,
    async learn(batch: readonly Transition<Vector, number>[]) {
      const pick = (f: (t: Transition<Vector, number>) => Vector) => rows(batch.map(f), d)
      const [s, next] = [pick(t => t.state), pick(t => t.next)]
      const a = indices(batch.map(t => t.action))
      const flat = (f: (t: Transition<Vector, number>) => number): NDArray => ({
        dtype: 'f32',
        shape: [batch.length],
        data: Float32Array.from(batch, f),
      })
      const inputs = { p: steps.params, target: steps.ema!, s, a, r: flat(t => t.reward), next, live: flat(t => (t.terminal ? 0 : 1)) }
      const { y, error } = (await targets(inputs)) as { y: NDArray; error: NDArray }
      await steps.step({ s, a, y })
      return numbersOf(error) as Vector
    },
    async dispose() {
      await Promise.all([steps.dispose(), targets.dispose(), forward.dispose()])
    },
  }
}
