/** Pools of [N, C, …] over one or two spatial axes. */
import { ShapeError } from '../error.ts'
import type { Shape } from '../graph/dtype.ts'
import { sizeOf } from '../graph/shape.ts'
import { apply, type Op, type Tensor } from '../graph/tensor.ts'
import { conv } from './conv.ts'
import { full } from './fill.ts'
import { scatterFew } from './gather.ts'
import { mean } from './reduce.ts'
import { reshape } from './shape.ts'
import { places, type Window, type WindowOptions, windowOf } from './window.ts'

/** Output 0: the largest element under each place of the window; output 1 (i64): where it is, as row-major index within its own channel. Of equals the first. */
export const maxPoolOp: Op<Window & { readonly kernel: Shape }> = {
  name: 'maxPool',
  infer: ([x], attrs) => {
    if (x!.dtype !== 'f32') throw new ShapeError('takes f32')
    if (x!.shape.length !== 3 && x!.shape.length !== 4) throw new ShapeError('takes [N, C, L] or [N, C, H, W]')
    const { kernel, pads, dilations } = attrs
    kernel.forEach((k, i) => {
      if (pads[i]!.some(p => p > dilations[i]! * (k - 1)))
        throw new ShapeError(`padding ${pads[i]!.join('+')} leaves a window of ${k} empty`)
    })
    const shape = [...x!.shape.slice(0, 2), ...places(x!.shape.slice(2), kernel, attrs)]
    return [
      { dtype: 'f32', shape },
      { dtype: 'i64', shape },
    ]
  },
  vjp: ({ inputs, outputs, cotangents }) => {
    const g = cotangents[0]
    if (!g) return [undefined]
    const { shape } = inputs[0]!
    const plane = sizeOf(shape.slice(2))
    const rows = (t: Tensor) => reshape(t, [shape[0]! * shape[1]!, sizeOf(t.shape.slice(2))])
    return [reshape(scatterFew(rows(outputs[1]!), rows(g), plane, 1), shape)]
  },
}

export interface PoolOptions extends Omit<WindowOptions, 'dilation'> {}

const kernelOf = (x: Tensor, kernel: number | readonly number[]): readonly number[] =>
  typeof kernel === 'number' ? x.shape.slice(2).map(() => kernel) : kernel

/** Largest element under a window that slides over the spatial axes of x [N, C, …]. The stride is the window's size by default. */
export function maxPool(x: Tensor, kernel: number | readonly number[], { stride = kernel, ...options }: WindowOptions = {}): Tensor {
  const k = kernelOf(x, kernel)
  return apply(maxPoolOp, [x], { ...windowOf('maxPool', x.shape.slice(2), k, { stride, ...options }), kernel: k })[0]!
}

/** Mean under a window that slides over the spatial axes of x [N, C, …]; padding counts as zeros. The stride is the window's size by default. */
export function avgPool(x: Tensor, kernel: number | readonly number[], { stride = kernel, ...options }: PoolOptions = {}): Tensor {
  const k = kernelOf(x, kernel)
  const size = x.shape.slice(2)
  if (x.rank !== 3 && x.rank !== 4) throw new ShapeError(`avgPool: takes [N, C, L] or [N, C, H, W], not [${x.shape.join(',')}]`)
  const window = windowOf('avgPool', size, k, { stride, ...options })
  const lead = x.shape.slice(0, 2)
  // Windows that neither overlap nor leave anything over are axes of their own.
  if (k.every((n, i) => n === window.strides[i] && size[i]! % n === 0 && window.pads[i]!.every(p => p === 0))) {
    const apart = reshape(x, [...lead, ...size.flatMap((n, i) => [n / k[i]!, k[i]!])])
    return mean(
      apart,
      k.map((_, i) => 3 + 2 * i),
    )
  }
  const weight = full([1, 1, ...k], 1 / sizeOf(k))
  const y = conv(reshape(x, [lead[0]! * lead[1]!, 1, ...size]), weight, { stride: window.strides, padding: window.pads })
  return reshape(y, [...lead, ...y.shape.slice(2)])
}
