/** Values of states as a network, by TD(0). */
import { add, compile, type Key, mean, mul, type NDArray, numbersOf, optim, reshape, sub, type Tensor, type Tree } from '@dioramic/tensor'
import type { Transition, ValueFunction, Vector } from '../contracts.ts'
import { type Engine, mlp, rows, training } from '../network/engine.ts'

export interface NetworkValueOptions {
  readonly engine: Engine
  /** Numbers in a state. */
  readonly state: number
  readonly discount: number
  readonly key: Key
  /** Units of the two hidden layers. Default 64. */
  readonly hidden?: number
  /** Adam's rate. Default 1e-3. */
  readonly rate?: number
}

export interface NetworkValue extends ValueFunction<Vector, unknown> {
  dispose(): Promise<void>
}

/** Semi-gradient TD(0): w ← w + α δ ∇v(s), the target held fixed (Sutton & Barto 2018, 9.3), with Adam for α. */
export async function networkValue({
  engine,
  state: d,
  discount,
  key,
  hidden = 64,
  rate = 1e-3,
}: NetworkValueOptions): Promise<NetworkValue> {
  const net = mlp([d, hidden, hidden, 1], 'tanh')
  const of = (p: Tree<Tensor>, s: Tensor) => reshape(net.apply(p, {}, s)[0], [-1])
  const steps = await training(
    engine,
    net,
    (p, _s, b: { s: Tensor; y: Tensor }) => {
      const e = sub(of(p, b.s), b.y)
      return mean(mul(e, e))
    },
    optim.chain(optim.adam({ lr: rate })),
    key,
  )
  const targets = compile((b: { p: Tree<Tensor>; s: Tensor; r: Tensor; next: Tensor; live: Tensor }) => {
    const y = add(b.r, mul(mul(b.live, discount), of(b.p, b.next)))
    return { y, error: sub(y, of(b.p, b.s)) }
  }, engine.runtime)
  const forward = compile(of, engine.runtime)
  return {
    value: async state => numbersOf((await forward(steps.params, rows([state], d))) as NDArray)[0]!,
    async learn(batch: readonly Transition<Vector, unknown>[]) {
      const pick = (f: (t: Transition<Vector, unknown>) => Vector) => rows(batch.map(f), d)
      const flat = (f: (t: Transition<Vector, unknown>) => number): NDArray => ({
        dtype: 'f32',
        shape: [batch.length],
        data: Float32Array.from(batch, f),
      })
      const [s, next] = [pick(t => t.state), pick(t => t.next)]
      const { y, error } = (await targets({ p: steps.params, s, r: flat(t => t.reward), next, live: flat(t => (t.terminal ? 0 : 1)) })) as {
        y: NDArray
        error: NDArray
      }
      await steps.step({ s, y })
      return numbersOf(error) as Vector
    },
    async dispose() {
      await Promise.all([steps.dispose(), targets.dispose(), forward.dispose()])
    },
  }
}
