import type { Tensor } from '../graph/tensor.ts'
import * as ops from '../ops/index.ts'
import { quotient, type Size, sizeOf, times } from './dim.ts'
import { type Layer, layer } from './layer.ts'
import { scaledUse, scaledVector, useOf } from './linear.ts'
import { bias, type Init, kernel } from './parameter.ts'

export interface ConvOptions {
  readonly stride?: number | readonly number[]
  readonly padding?: ops.Padding
  readonly dilation?: number | readonly number[]
  /** Channels are convolved in so many groups. One that scales (each channel for itself) is a `Dim`. */
  readonly groups?: Size
  /** Add a bias. Default true. */
  readonly bias?: boolean
  readonly init?: Init
}

const window = (size: number | readonly number[], rank: number): readonly number[] =>
  typeof size === 'number' ? new Array<number>(rank).fill(size) : size

function convolution(rank: number, from: Size, to: Size, size: number | readonly number[], options: ConvOptions): Layer {
  const { bias: biased = true, init, groups = 1, ...rest } = options
  const inner = per(from, groups)
  const use = useOf(inner, to)
  return layer<{ w: Tensor; b?: Tensor }>({
    parameters: { w: kernel([to, inner, ...window(size, rank)], init ? { init } : {}), ...(biased ? { b: bias(to) } : {}) },
    apply: ({ w, b }, _state, x, context) => {
      const y = scaledUse(ops.conv(x, w, { groups: sizeOf(groups), ...rest }), context, use)
      return channelBias(y, b && scaledVector(b, context, to), rank)
    },
  })
}

const channelBias = (y: Tensor, b: Tensor | undefined, rank: number): Tensor =>
  b ? ops.add(y, ops.reshape(b, [b.size, ...new Array<number>(rank).fill(1)])) : y

/** Channels of a group; finite where the groups scale as the channels do. */
const per = (channels: Size, groups: Size): Size =>
  typeof groups === 'number' ? (groups === 1 ? channels : times(channels, 1 / groups)) : quotient(channels, groups)

/** Convolution of [N, from, L]. Parameters `w` [to, from / groups, size] and `b` [to]. */
export const conv1d = (from: Size, to: Size, size: number | readonly number[], options: ConvOptions = {}): Layer =>
  convolution(1, from, to, size, options)

/** Convolution of [N, from, H, W]. Parameters `w` [to, from / groups, height, width] and `b` [to]. */
export const conv2d = (from: Size, to: Size, size: number | readonly number[], options: ConvOptions = {}): Layer =>
  convolution(2, from, to, size, options)

/** Transposed convolution of [N, from, …] (two spatial axes unless `rank` says one). Parameters `w` [from, to / groups, …size] and `b` [to]. */
export function convTranspose(
  from: Size,
  to: Size,
  size: number | readonly number[],
  options: ConvOptions & { readonly outputPadding?: number | readonly number[]; readonly rank?: 1 | 2 } = {},
): Layer {
  const { bias: biased = true, init, groups = 1, rank = 2, ...rest } = options
  const inner = per(to, groups)
  const use = useOf(from, inner)
  const k = window(size, rank)
  // An output sums over the inputs and the places of the window that fall on it.
  const fans = { fanIn: [from, ...k.map((n, i) => Math.max(1, Math.floor(n / strideAt(rest.stride, i))))], fanOut: [to, ...k] }
  return layer<{ w: Tensor; b?: Tensor }>({
    parameters: { w: kernel([from, inner, ...k], { ...(init ? { init } : {}), ...fans }), ...(biased ? { b: bias(to) } : {}) },
    apply: ({ w, b }, _state, x, context) => {
      const y = scaledUse(ops.convTranspose(x, w, { groups: sizeOf(groups), ...rest }), context, use)
      return channelBias(y, b && scaledVector(b, context, to), rank)
    },
  })
}

const strideAt = (stride: number | readonly number[] | undefined, i: number): number =>
  typeof stride === 'number' ? stride : (stride?.[i] ?? 1)

/** x [N, …] → [N, everything else]. */
export const flattenLayer: Layer = layer<object>({ parameters: {}, apply: (_p, _s, x) => ops.reshape(x, [x.shape[0]!, -1]) })
