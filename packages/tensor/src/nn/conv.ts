import type { Tensor } from '../graph/tensor.ts'
import * as ops from '../ops/index.ts'
import { type Size, sizeOf, times } from './dim.ts'
import { type Layer, layer } from './layer.ts'
import { bias, type Init, kernel } from './parameter.ts'

export interface ConvOptions {
  readonly stride?: number | readonly number[]
  readonly padding?: ops.Padding
  readonly dilation?: number | readonly number[]
  readonly groups?: number
  /** Add a bias. Default true. */
  readonly bias?: boolean
  readonly init?: Init
}

const window = (size: number | readonly number[], rank: number): readonly number[] =>
  typeof size === 'number' ? new Array<number>(rank).fill(size) : size

function convolution(rank: number, from: Size, to: Size, size: number | readonly number[], options: ConvOptions): Layer {
  const { bias: biased = true, init, groups = 1, ...rest } = options
  const inner = groups === 1 ? from : times(from, 1 / groups)
  return layer<{ w: Tensor; b?: Tensor }>({
    parameters: { w: kernel([to, inner, ...window(size, rank)], init ? { init } : {}), ...(biased ? { b: bias(to) } : {}) },
    apply: ({ w, b }, _state, x) => channelBias(ops.conv(x, w, { groups, ...rest }), b, rank),
  })
}

const channelBias = (y: Tensor, b: Tensor | undefined, rank: number): Tensor =>
  b ? ops.add(y, ops.reshape(b, [b.size, ...new Array<number>(rank).fill(1)])) : y

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
  const inner = groups === 1 ? to : times(to, 1 / groups)
  const k = window(size, rank)
  // An output sums over the inputs and the places of the window that fall on it.
  const fans = { fanIn: [from, ...k.map((n, i) => Math.max(1, Math.floor(n / strideAt(rest.stride, i))))], fanOut: [sizeOf(to), ...k] }
  return layer<{ w: Tensor; b?: Tensor }>({
    parameters: { w: kernel([from, inner, ...k], { ...(init ? { init } : {}), ...fans }), ...(biased ? { b: bias(to) } : {}) },
    apply: ({ w, b }, _state, x) => channelBias(ops.convTranspose(x, w, { groups, ...rest }), b, rank),
  })
}

const strideAt = (stride: number | readonly number[] | undefined, i: number): number =>
  typeof stride === 'number' ? stride : (stride?.[i] ?? 1)

/** x [N, …] → [N, everything else]. */
export const flattenLayer: Layer = layer<object>({ parameters: {}, apply: (_p, _s, x) => ops.reshape(x, [x.shape[0]!, -1]) })
