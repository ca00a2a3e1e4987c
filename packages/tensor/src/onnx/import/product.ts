/** Matrix products, convolutions and pools. */
import { sizeOf } from '../../graph/shape.ts'
import type { Tensor } from '../../graph/tensor.ts'
import * as op from '../../ops/index.ts'
import type { Call, Import } from './call.ts'
import { fold } from './value.ts'

/** alpha·A·B + beta·C. */
const gemm: Import = c => {
  const product = op.matmul(c.x(0), c.x(1), { transA: c.int('transA', 0) === 1, transB: c.int('transB', 0) === 1 })
  const scaled = (t: Tensor, by: number) => (by === 1 ? t : op.mul(t, by))
  const bias = c.maybe(2)
  const y = scaled(product, c.float('alpha', 1))
  return bias ? op.add(y, scaled(bias, c.float('beta', 1))) : y
}

const channels = (bias: Tensor, like: Tensor): Tensor => op.reshape(bias, [bias.size, ...like.shape.slice(2).map(() => 1)])

interface Window {
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  readonly padding: readonly (readonly [number, number])[]
}

/** Strides, dilations and pads of a window of `kernel` on `size`, automatic pads worked out. */
function windowOf(c: Call, size: readonly number[], kernel: readonly number[]): Window {
  const stride = c.ints('strides') ?? size.map(() => 1)
  const dilation = c.ints('dilations') ?? size.map(() => 1)
  const auto = c.string('auto_pad', 'NOTSET')
  const given = c.ints('pads') ?? size.flatMap(() => [0, 0])
  const padding = size.map((n, i): readonly [number, number] => {
    if (auto === 'VALID') return [0, 0]
    if (auto === 'NOTSET') return [given[i]!, given[i + size.length]!]
    const total = Math.max(0, (Math.ceil(n / stride[i]!) - 1) * stride[i]! + dilation[i]! * (kernel[i]! - 1) + 1 - n)
    const less = Math.floor(total / 2)
    return auto === 'SAME_UPPER' ? [less, total - less] : [total - less, less]
  })
  return { stride, dilation, padding }
}

const conv: Import = c => {
  const [x, w, bias] = [c.x(0), c.x(1), c.maybe(2)]
  const y = op.conv(x, w, { ...windowOf(c, x.shape.slice(2), w.shape.slice(2)), groups: c.int('group', 1) })
  return bias ? op.add(y, channels(bias, y)) : y
}

const convTranspose: Import = c => {
  const [x, w, bias] = [c.x(0), c.x(1), c.maybe(2)]
  if (c.ints('output_shape') || c.string('auto_pad', 'NOTSET').startsWith('SAME'))
    c.fail('gives its output size instead of pads: export it with pads and output_padding')
  const y = op.convTranspose(x, w, {
    ...windowOf(c, x.shape.slice(2), w.shape.slice(2)),
    groups: c.int('group', 1),
    outputPadding: c.ints('output_padding') ?? 0,
  })
  return bias ? op.add(y, channels(bias, y)) : y
}

/** A pool's window; `ceil_mode` adds as many places behind as begin inside the input or its front padding. */
function poolWindow(c: Call, size: readonly number[], kernel: readonly number[]): Window {
  const w = windowOf(c, size, kernel)
  if (c.int('ceil_mode', 0) === 0) return w
  const padding = size.map((n, i): readonly [number, number] => {
    const [low, high] = w.padding[i]!
    const reach = w.dilation[i]! * (kernel[i]! - 1) + 1
    let places = Math.ceil((n + low + high - reach) / w.stride[i]!) + 1
    if ((places - 1) * w.stride[i]! >= n + low) places--
    return [low, Math.max(high, (places - 1) * w.stride[i]! + reach - n - low)]
  })
  return { ...w, padding }
}

const maxPool: Import = c => {
  const x = c.x(0)
  const kernel = c.ints('kernel_shape') ?? c.fail('has no kernel_shape')
  const [y, within] = op.maxPool(x, kernel, poolWindow(c, x.shape.slice(2), kernel)).node.outputs as [Tensor, Tensor]
  if (!c.wants(1)) return y
  if (c.int('storage_order', 0) !== 0) c.fail('counts its indices by columns (storage_order 1)')
  // Ours count within a channel, ONNX over everything.
  const planes = x.shape[0]! * x.shape[1]!
  const starts = op.mul(op.iota(planes), x.size / Math.max(1, planes))
  return [y, op.add(within, op.reshape(starts, [...x.shape.slice(0, 2), ...x.shape.slice(2).map(() => 1)]))]
}

/** Sums under the window over how many elements (of the padding too, with `count_include_pad`) it covered. */
const averagePool: Import = c => {
  const x = c.x(0)
  const kernel = c.ints('kernel_shape') ?? c.fail('has no kernel_shape')
  const size = x.shape.slice(2)
  const { stride, padding, dilation } = poolWindow(c, size, kernel)
  if (dilation.some(d => d !== 1)) c.fail('has dilations, which an average pool here cannot have')
  const y = op.avgPool(x, kernel, { stride, padding })
  const counted = c.int('count_include_pad', 0) === 1 ? windowOf(c, size, kernel).padding : size.map(() => [0, 0] as const)
  if (padding.every((p, i) => p[0] === counted[i]![0] && p[1] === counted[i]![1])) return y
  const ones = op.pad(op.ones([1, 1, ...size]), [[0, 0], [0, 0], ...counted], 1)
  const rest = padding.map((p, i) => [p[0] - counted[i]![0], p[1] - counted[i]![1]] as const)
  return op.div(y, fold([op.avgPool(ones, kernel, { stride, padding: rest })])[0]!)
}

const overSpace =
  (f: (x: Tensor, axes: readonly number[], keepDims: boolean) => Tensor): Import =>
  c => {
    const x = c.x(0)
    if (sizeOf(x.shape.slice(2)) === 0) c.fail(`pools nothing: [${x.shape}]`)
    return f(
      x,
      x.shape.slice(2).map((_, i) => i + 2),
      true,
    )
  }

export const product: Readonly<Record<string, Import>> = {
  MatMul: c => op.matmul(c.x(0), c.x(1)),
  Gemm: gemm,
  Einsum: c => op.einsum(c.string('equation', ''), ...c.all()),
  Conv: conv,
  ConvTranspose: convTranspose,
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: overSpace(op.mean),
  GlobalMaxPool: overSpace(op.max),
}
