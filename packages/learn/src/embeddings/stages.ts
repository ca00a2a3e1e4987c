/**
 * Steps of an embedding: layers over [features, batch, size], each feature with parameters of its own. Features come first so that their linear layers are one batched product.
 * Decay is off on all of them, as in the paper's code.
 */
import {
  add,
  concat,
  constant,
  cos,
  div,
  f32,
  leakyRelu,
  matmul,
  maximum,
  minimum,
  mul,
  nn,
  relu,
  sin,
  softmax,
  type Tensor,
} from '@dioramic/tensor'
import type { Edges } from './bins.ts'
import { binTables } from './encoding.ts'
import { EmbeddingError } from './error.ts'

const NO_DECAY = { decay: 0 }

export interface StageOptions {
  readonly bias?: boolean
  /** Bound of the uniform distribution of weight and bias; 0 starts at zero. Default 1/√from. */
  readonly bound?: number
}

/** A linear layer for each feature: [features, batch, from] → [features, batch, to]. Parameters `w` [features, from, to] and `b` [features, 1, to]. */
export function perFeature(features: number, from: number, to: number, { bias = true, bound = from ** -0.5 }: StageOptions = {}): nn.Layer {
  positive('the size of an embedding', to)
  const init = bound === 0 ? nn.zeros : nn.uniform(bound)
  return nn.layer<{ w: Tensor; b?: Tensor }>({
    parameters: {
      w: nn.free([features, from, to], init, NO_DECAY),
      ...(bias ? { b: nn.free([features, 1, to], init, NO_DECAY) } : {}),
    },
    apply: ({ w, b }, _state, x) => {
      const y = from === 1 ? mul(x, w) : matmul(x, w)
      return b ? add(y, b) : y
    },
  })
}

/** w·x + b of a number, uniform in ±1/√to: L of the paper. */
export const linearOf = (features: number, to: number): nn.Layer => perFeature(features, 1, to, { bound: to ** -0.5 })

/** One linear layer for all features (TabR's "lite"). Parameters `w` [from, to] and `b` [to]. */
export function shared(from: number, to: number): nn.Layer {
  positive('the size of an embedding', to)
  const init = nn.uniform(from ** -0.5)
  return nn.layer<{ w: Tensor; b: Tensor }>({
    parameters: { w: nn.free([from, to], init, NO_DECAY), b: nn.free([to], init, NO_DECAY) },
    apply: ({ w, b }, _state, x) => add(matmul(x, w), b),
  })
}

/** Piecewise-linear encoding, without parameters: [features, batch, 1] → [features, batch, most bins]. */
export function piecewise(bins: readonly Edges[]): nn.Layer {
  const { features, most, ...tables } = binTables(bins)
  const table = (a: Float32Array) => constant(f32(a, [features, 1, most]))
  return nn.fn(x => minimum(maximum(add(mul(x, table(tables.scale)), table(tables.shift)), table(tables.low)), table(tables.high)))
}

/** cos and sin of 2π·c·x with c learnt, at first normal of deviation `sigma` (Gorishniy et al. 2022, section 3.3): [features, batch, 1] → [features, batch, 2·frequencies]. */
export function periodic(features: number, frequencies: number, sigma: number): nn.Layer {
  positive('the number of frequencies', frequencies)
  if (!(sigma > 0)) throw new EmbeddingError(`the deviation of the frequencies is above 0, not ${sigma}`)
  return nn.layer<{ frequencies: Tensor }>({
    parameters: { frequencies: nn.free([features, 1, frequencies], nn.normal(sigma), NO_DECAY) },
    apply: ({ frequencies: c }, _state, x) => {
      const angle = mul(mul(x, c), 2 * Math.PI)
      return concat([cos(angle), sin(angle)], -1)
    },
  })
}

/** AutoDis (Guo et al. 2021): weights of `meta` learnt vectors by a small net with a softmax at a temperature. [features, batch, 1] → [features, batch, to]. */
export const autoDis = (features: number, meta: number, to: number, temperature: number): nn.Layer =>
  nn.sequence({
    scores: perFeature(features, 1, meta, { bias: false, bound: meta ** -0.5 }),
    act: nn.fn(x => leakyRelu(x, 0.01)),
    mix: perFeature(features, meta, meta, { bias: false }),
    weights: nn.fn(x => softmax(div(x, temperature))),
    vectors: perFeature(features, meta, to, { bias: false }),
  })

/** Both applied to the same input, and added. */
export const sumOf = (a: nn.Layer, b: nn.Layer): nn.Layer =>
  nn.layer<{ a: never; b: never }>({
    parameters: { a: a.parameters, b: b.parameters },
    apply: (p, _state, x, context) => add(a.apply(p.a, a.state as never, x, context)[0], b.apply(p.b, b.state as never, x, context)[0]),
  })

export const rectify: nn.Layer = nn.fn(relu)

function positive(what: string, n: number): void {
  if (!(Number.isInteger(n) && n >= 1)) throw new EmbeddingError(`${what} is a whole number from 1, not ${n}`)
}
