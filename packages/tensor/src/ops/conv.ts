/**
 * Convolutions of [N, C, …] over one or two spatial axes. `conv`, its derivative by the input (the transposed convolution) and by the weight are each bilinear,
 * and each one's derivatives are the other two: the family is closed.
 */
import { ShapeError } from '../error.ts'
import type { Shape, Type } from '../graph/dtype.ts'
import { sameShape } from '../graph/shape.ts'
import { apply, type Op, type Tensor } from '../graph/tensor.ts'
import { places, type Window, type WindowOptions, windowOf } from './window.ts'

export interface Conv extends Window {
  /** Channels are cut into so many groups; output group i sees input group i only. */
  readonly groups: number
}
export interface ConvOf extends Conv {
  /** Shape of what is differentiated by: the input's, or the weight's. */
  readonly shape: Shape
}

/** The result's shape: x [N, C, …], w [O, C/groups, …] → [N, O, …]. */
function convShape(x: Shape, w: Shape, attrs: Conv): number[] {
  if (x.length !== w.length || (x.length !== 3 && x.length !== 4))
    throw new ShapeError('takes [N, C, L] with [O, C, K], or [N, C, H, W] with [O, C, K, K]')
  const { groups } = attrs
  if (x[1] !== w[1]! * groups)
    throw new ShapeError(`${x[1]} channels do not fit a weight of ${w[1]} in ${groups} group${groups === 1 ? '' : 's'}`)
  if (w[0]! % groups !== 0) throw new ShapeError(`${w[0]} outputs do not divide into ${groups} groups`)
  return [x[0]!, w[0]!, ...places(x.slice(2), w.slice(2), attrs)]
}

const floats = (types: readonly Type[]): void => {
  if (types.some(t => t.dtype !== 'f32')) throw new ShapeError('takes f32')
}

export const convOp: Op<Conv> = {
  name: 'conv',
  infer: (types, attrs) => {
    floats(types)
    return [{ dtype: 'f32', shape: convShape(types[0]!.shape, types[1]!.shape, attrs) }]
  },
  vjp: ({ inputs, attrs, cotangents, needs }) => {
    const [x, w] = inputs as [Tensor, Tensor]
    const c = cotangents[0]!
    return [needs[0] ? inputGrad(c, w, attrs, x.shape) : undefined, needs[1] ? weightGrad(x, c, attrs, w.shape) : undefined]
  },
}

/** Inputs g [N, O, …] (shaped as the convolution's result) and w [O, C/groups, …] → [N, C, …], which is `shape`. */
export const convInputGradOp: Op<ConvOf> = {
  name: 'convInputGrad',
  infer: (types, attrs) => {
    floats(types)
    const want = convShape(attrs.shape, types[1]!.shape, attrs)
    if (!sameShape(types[0]!.shape, want)) throw new ShapeError(`a convolution to [${attrs.shape.join(',')}] takes [${want.join(',')}]`)
    return [{ dtype: 'f32', shape: attrs.shape }]
  },
  vjp: ({ inputs, attrs, cotangents, needs }) => {
    const [g, w] = inputs as [Tensor, Tensor]
    const c = cotangents[0]!
    return [needs[0] ? forward(c, w, attrs) : undefined, needs[1] ? weightGrad(c, g, attrs, w.shape) : undefined]
  },
}

/** Inputs x [N, C, …] and g [N, O, …] (shaped as the convolution's result) → the weight's cotangent [O, C/groups, …], which is `shape`. */
export const convWeightGradOp: Op<ConvOf> = {
  name: 'convWeightGrad',
  infer: (types, attrs) => {
    floats(types)
    const want = convShape(types[0]!.shape, attrs.shape, attrs)
    if (!sameShape(types[1]!.shape, want)) throw new ShapeError(`the result's cotangent must be [${want.join(',')}]`)
    return [{ dtype: 'f32', shape: attrs.shape }]
  },
  vjp: ({ inputs, attrs, cotangents, needs }) => {
    const [x, g] = inputs as [Tensor, Tensor]
    const c = cotangents[0]!
    return [needs[0] ? inputGrad(g, c, attrs, x.shape) : undefined, needs[1] ? forward(x, c, attrs) : undefined]
  },
}

const only = ({ strides, pads, dilations, groups }: Conv): Conv => ({ strides, pads, dilations, groups })
const forward = (x: Tensor, w: Tensor, attrs: Conv): Tensor => apply(convOp, [x, w], only(attrs))[0]!
const inputGrad = (g: Tensor, w: Tensor, attrs: Conv, shape: Shape): Tensor => apply(convInputGradOp, [g, w], { ...only(attrs), shape })[0]!
const weightGrad = (x: Tensor, g: Tensor, attrs: Conv, shape: Shape): Tensor =>
  apply(convWeightGradOp, [x, g], { ...only(attrs), shape })[0]!

export interface ConvOptions extends WindowOptions {
  readonly groups?: number
}

/** Convolution (cross-correlation, as every library has it) of x [N, C, L] or [N, C, H, W] with w [O, C/groups, K…] → [N, O, …]. */
export function conv(x: Tensor, w: Tensor, { groups = 1, ...options }: ConvOptions = {}): Tensor {
  return forward(x, w, { ...windowOf('conv', x.shape.slice(2), w.shape.slice(2), options), groups })
}

/**
 * Transposed convolution of x [N, C, …] with w [C, O/groups, K…] → [N, O, …], each spatial size (n − 1)·stride − padding + dilation·(K − 1) + 1 + outputPadding:
 * the derivative of the convolution that goes the other way.
 */
export function convTranspose(
  x: Tensor,
  w: Tensor,
  { groups = 1, outputPadding = 0, ...options }: ConvOptions & { readonly outputPadding?: number | readonly number[] } = {},
): Tensor {
  if (options.padding === 'same') throw new ShapeError("convTranspose: 'same' names no one size; give the padding in numbers")
  const kernel = w.shape.slice(2)
  const window = windowOf('convTranspose', x.shape.slice(2), kernel, options)
  const size = x.shape.slice(2).map((n, i) => {
    const extra = typeof outputPadding === 'number' ? outputPadding : (outputPadding[i] ?? 0)
    if (!Number.isInteger(extra) || extra < 0 || extra >= window.strides[i]!)
      throw new ShapeError(
        `convTranspose: outputPadding ${extra} must be a whole number from 0 and less than the stride ${window.strides[i]}`,
      )
    return (
      (n - 1) * window.strides[i]! - window.pads[i]![0] - window.pads[i]![1] + window.dilations[i]! * ((kernel[i] ?? 1) - 1) + 1 + extra
    )
  })
  return inputGrad(x, w, { ...window, groups }, [x.shape[0]!, (w.shape[1] ?? 1) * groups, ...size])
}
