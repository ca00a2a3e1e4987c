/** The transition model as a network: how the state changes, and the reward. */
import { compile, concat, f32, type Key, type NDArray, numbersOf, type Tensor, type Tree } from '@dioramic/tensor'
import type { Imagined, Transition, TransitionModel, Vector } from '../contracts.ts'
import { Draws } from '../draws.ts'
import { type Engine, leastSquares, mlp, rows } from '../network/engine.ts'

export interface NetworkModelOptions {
  readonly engine: Engine
  /** Numbers in a state, and in an action. */
  readonly state: number
  readonly action: number
  readonly key: Key
  /** Units of the two hidden layers. Default 64. */
  readonly hidden?: number
  /** Adam's rate. Default 1e-3. */
  readonly rate?: number
  /** Gradient steps after each real one, of 128 remembered steps each. Default 1. */
  readonly updates?: number
  /** Steps remembered. Default 100 000. */
  readonly capacity?: number
}

export interface NetworkModel extends TransitionModel<Vector, Vector> {
  dispose(): Promise<void>
}

const BATCH = 128

/**
 * A network from (s, a) to (s' − s, r), fitted to remembered real steps by least squares. It does not say when episodes end: where that matters, let the reward say so.
 * It imagines from remembered states with the actions taken there.
 */
export async function networkModel(options: NetworkModelOptions): Promise<NetworkModel> {
  const { engine, state: d, action: n, key, hidden = 64, rate = 1e-3, updates = 1, capacity = 100_000 } = options
  const net = mlp([d + n, hidden, hidden, d + 1], 'tanh')
  const regression = await leastSquares(engine, net, rate, key)
  const forward = compile((p: Tree<Tensor>, s: Tensor, a: Tensor) => regression.of(p, concat([s, a], 1)), engine.runtime, {
    onRetrace: () => {},
  })
  const memory: Transition<Vector, Vector>[] = []
  const draws = new Draws(key.fork('batches'))
  let [seen, owed] = [0, 0]

  async function fit(): Promise<void> {
    const x = new Float32Array(BATCH * (d + n))
    const y = new Float32Array(BATCH * (d + 1))
    for (let k = 0; k < BATCH; k++) {
      const t = memory[draws.int(memory.length)]!
      x.set(t.state, k * (d + n))
      x.set(t.action, k * (d + n) + d)
      for (let i = 0; i < d; i++) y[k * (d + 1) + i] = t.next[i]! - t.state[i]!
      y[k * (d + 1) + d] = t.reward
    }
    await regression.fit(f32(x, [BATCH, d + n]), f32(y, [BATCH, d + 1]))
  }

  async function predict(states: readonly Vector[], actions: readonly Vector[]): Promise<Imagined<Vector>[]> {
    if (states.length === 0) return []
    const out = numbersOf((await forward(regression.params, rows(states, d), rows(actions, n))) as NDArray)
    return states.map((s, k) => ({
      next: Float64Array.from({ length: d }, (_, i) => s[i]! + out[k * (d + 1) + i]!),
      reward: out[k * (d + 1) + d]!,
      terminal: false,
    }))
  }

  return {
    async learn(batch) {
      for (const t of batch) {
        memory[seen++ % capacity] = t
        owed += updates
      }
      for (; owed >= 1; owed--) await fit()
    },
    predict,
    async imagine(count, from) {
      if (memory.length === 0) return []
      const starts = Array.from({ length: count }, () => memory[from.int(memory.length)]!)
      const outcomes = await predict(
        starts.map(t => t.state),
        starts.map(t => t.action),
      )
      return starts.map((t, k) => ({ state: t.state, action: t.action, ...outcomes[k]!, imagined: true }))
    },
    async dispose() {
      await Promise.all([regression.dispose(), forward.dispose()])
    },
  }
}
