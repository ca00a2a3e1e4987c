import { TensorError } from '../error.ts'
import type { Tensor } from '../graph/tensor.ts'
import { add, constant, gather, iota, matmul, slice } from '../ops/index.ts'
import { type Size, sizeOf } from './dim.ts'
import { type Layer, layer } from './layer.ts'
import { scaledUse, scaledVector } from './linear.ts'
import { free, type Init, normal, type ParameterOptions, table } from './parameter.ts'

/** A table of vectors by token, and the readout that is tied to it. */
export interface Embedding extends Layer {
  /** Logits: x [..., d] times the table's rows → [..., count]. It has no parameters of its own: the embedding must come before it in the model. */
  readout(): Layer
}

/** Rows of a table by index: i64 [...] → f32 [..., d]. Parameter `table` [count, d], normal of deviation 0.02 unless told; factors on its rate and decay. */
export function embedding(count: number, d: Size, options: Pick<ParameterOptions, 'init' | 'lr' | 'decay'> = {}): Embedding {
  const self = layer<{ table: Tensor }>({
    parameters: { table: table(count, d, options) },
    apply: (params, _state, x, context) => {
      context.share(self, params)
      return scaledUse(gather(params.table, x), context, { kind: 'input', dims: [count, d] })
    },
  })
  const readout = layer<object>({
    parameters: {},
    apply: (_params, _state, x, context) => {
      const { table: rows } = context.borrow(self, 'a readout') as { table: Tensor }
      return scaledUse(matmul(x, rows, { transB: true }), context, { kind: 'readout', dims: [d, count], tied: true })
    },
  })
  return { ...self, decoder: () => self, readout: () => readout }
}

/** Adds a learned vector for each position: x [batch, time ≤ length, d]. Parameter `table` [length, d]. A decoder adds the one of its position. */
export function learnedPositions(length: number, d: Size, { init = normal(0.02) }: { readonly init?: Init } = {}): Layer {
  const make = (decoding: boolean): Layer =>
    layer<{ table: Tensor }>({
      parameters: { table: free([length, d], init) },
      apply: (params, _state, x, context) => {
        const time = x.shape.at(-2)!
        if (time > length) throw new TensorError(`${time} positions; this model has learned ${length}`)
        const rows = decoding ? gather(params.table, add(positionOf(context), iota(time))) : slice(params.table, [[0, time]])
        return add(x, scaledVector(rows, context, d))
      },
      decoder: () => make(true),
    })
  return make(false)
}

/** Where a decoder's first token stands. */
export function positionOf({ position }: { readonly position: Tensor | undefined }): Tensor {
  if (!position) throw new TensorError('a decoder is applied with { position }, an i64 scalar: where the first of its tokens stands')
  return position
}

/** Adds the fixed sines and cosines of Vaswani et al. (2017): x [batch, time, d], d even. */
export function sinusoidalPositions(length: number, d: Size): Layer {
  const n = sizeOf(d)
  if (n % 2 !== 0) throw new TensorError(`sinusoidal positions need an even size, not ${n}`)
  const data = new Float32Array(length * n)
  for (let t = 0; t < length; t++)
    for (let i = 0; i < n / 2; i++) {
      const angle = t * Math.exp((-2 * i * Math.log(10000)) / n)
      data[t * n + 2 * i] = Math.sin(angle)
      data[t * n + 2 * i + 1] = Math.cos(angle)
    }
  const rows = () => constant({ dtype: 'f32', shape: [length, n], data })
  const make = (decoding: boolean): Layer =>
    layer<object>({
      parameters: {},
      apply: (_p, _s, x, context) => {
        const time = x.shape.at(-2)!
        if (time > length) throw new TensorError(`${time} positions; the table has ${length}`)
        return add(x, decoding ? gather(rows(), add(positionOf(context), iota(time))) : slice(rows(), [[0, time]]))
      },
      decoder: () => make(true),
    })
  return make(false)
}
