import type { Tensor } from '../graph/tensor.ts'
import { add, constant, matmul, mul } from '../ops/index.ts'
import type { Context, Use } from './context.ts'
import type { Size } from './dim.ts'
import { type Layer, layer } from './layer.ts'
import { bias, type Init, type ParameterOptions, type Part, weight } from './parameter.ts'

export interface LinearOptions {
  /** Add a bias. Default true. */
  readonly bias?: boolean
  /** Of the weight; by default normal of variance 1 / fan-in. */
  readonly init?: Init
  readonly biasInit?: Init
  /** Equal parts of the outputs that are drawn apart. */
  readonly parts?: readonly Part[]
  readonly fanIn?: readonly Size[]
  readonly fanOut?: readonly Size[]
}

/** A use's factor put on x, the parameter or what it was multiplied with; nothing is done for 1. A layer of your own calls it where it uses its parameters. */
export function scaledUse(x: Tensor, context: Context, use: Use): Tensor {
  const k = context.multiplier?.(use) ?? 1
  return k === 1 ? x : mul(x, constant(k))
}

/** What is added to each of d channels, or multiplies it, with the factor of its use. */
export const scaledVector = (v: Tensor, context: Context, d: Size): Tensor => scaledUse(v, context, { kind: 'input', dims: [1, d] })

/** What a weight of these sizes is to a parametrisation. */
export function useOf(from: Size, to: Size): Use {
  const kind = typeof from === 'number' ? 'input' : typeof to === 'number' ? 'readout' : 'hidden'
  return { kind, dims: [from, to] }
}

const given = <T extends object>(o: T): Partial<T> => Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined)) as Partial<T>

/** x·w + b over the last axis: [..., from] → [..., to]. Parameters `w` [from, to] and `b` [to]. */
export function linear(from: Size, to: Size, options: LinearOptions = {}): Layer {
  const { bias: biased = true, biasInit, init, parts, fanIn, fanOut } = options
  const use = useOf(from, to)
  return layer<{ w: Tensor; b?: Tensor }>({
    parameters: {
      w: weight([from, to], given({ init, parts, fanIn, fanOut }) as ParameterOptions),
      ...(biased ? { b: bias(to, given({ init: biasInit }) as ParameterOptions) } : {}),
    },
    apply: ({ w, b }, _state, x, context) => {
      const y = scaledUse(matmul(x, w), context, use)
      return b ? add(y, scaledVector(b, context, to)) : y
    },
  })
}
