/** What the learned parts share: the runtime they run on, small networks, and vectors as arrays. */
import {
  type Arena,
  f32,
  i64,
  type Key,
  type Loss,
  mean,
  mul,
  type NDArray,
  nn,
  optim,
  type Runtime,
  relu,
  sub,
  type Tensor,
  type Training,
  type Tree,
  tanh,
  trainStep,
} from '@dioramic/tensor'
import type { Vector } from '../contracts.ts'
import { AgentError } from '../error.ts'

/** `nodeRuntime()` and `createArena` of tensor/node, or their like in a browser. */
export interface Engine {
  readonly runtime: Runtime
  readonly arena: (bytes: number) => Promise<Arena>
}

/** A multi-layer perceptron: sizes of input, hidden layers and output. */
export function mlp(sizes: readonly number[], activation: 'relu' | 'tanh' = 'relu'): nn.Layer {
  const layers: Record<string, nn.Layer> = {}
  sizes.slice(1).forEach((to, i) => {
    layers[`linear${i}`] = nn.linear(sizes[i]!, to)
    if (i < sizes.length - 2) layers[`act${i}`] = nn.fn(activation === 'relu' ? relu : tanh)
  })
  return nn.sequence(layers)
}

/** Vectors of one length as rows. @throws AgentError that names the row of another length */
export function rows(vectors: readonly Vector[], width: number): NDArray {
  const data = new Float32Array(vectors.length * width)
  vectors.forEach((v, i) => {
    if (v.length !== width) throw new AgentError(`vector ${i} has ${v.length} numbers, the network takes ${width}`)
    data.set(v, i * width)
  })
  return f32(data, [vectors.length, width])
}

export const indices = (values: readonly number[]): NDArray => i64(Int32Array.from(values))

export const column = (values: readonly number[]): NDArray => f32(Float32Array.from(values), [values.length, 1])

/** A network that is fitted to targets. */
export interface Regression {
  readonly params: Training['params']
  /** The network, where it is part of another graph. */
  of(p: Tree<Tensor>, x: Tensor): Tensor
  /** One gradient step on x and y; returns the mean squared error before it. */
  fit(x: NDArray, y: NDArray): Promise<number>
  dispose(): Promise<void>
}

/** Least squares by Adam. */
export async function leastSquares(engine: Engine, net: nn.Layer, rate: number, key: Key): Promise<Regression> {
  const of = (p: Tree<Tensor>, x: Tensor) => net.apply(p, {}, x)[0]
  const squares = (p: Tree<Tensor>, _s: Tree<Tensor>, b: { x: Tensor; y: Tensor }) => {
    const e = sub(of(p, b.x), b.y)
    return mean(mul(e, e))
  }
  const steps = await training(engine, net, squares, optim.chain(optim.adam({ lr: rate })), key)
  return {
    params: steps.params,
    of,
    fit: async (x, y) => (await steps.step({ x, y })).loss,
    dispose: () => steps.dispose(),
  }
}

/** A training of a network from its first values. */
export function training<B>(engine: Engine, net: nn.Layer, loss: Loss<B>, rule: optim.Rule, key: Key): Promise<Training> {
  const { params } = net.init(key.fork('init'))
  return trainStep(loss, rule, { ...engine, params, key: key.fork('train') })
}
