/** What the learned parts share: the runtime they run on, small networks, and vectors as arrays. */
import {
  type Arena,
  f32,
  i64,
  type Key,
  type Loss,
  type NDArray,
  nn,
  type optim,
  type Runtime,
  relu,
  type Training,
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

/** A training of a network from its first values. */
export function training<B>(engine: Engine, net: nn.Layer, loss: Loss<B>, rule: optim.Rule, key: Key): Promise<Training> {
  const { params } = net.init(key.fork('init'))
  return trainStep(loss, rule, { ...engine, params, key: key.fork('train') })
}
