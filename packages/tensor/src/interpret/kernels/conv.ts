import type { Shape } from '../../graph/dtype.ts'
import type { ConvOf } from '../../ops/conv.ts'
import type { Value } from '../values.ts'
import type { Kernel } from './kernel.ts'

/** One spatial axis as two, the first of size 1. */
const flat = (shape: Shape): Shape => (shape.length === 3 ? [shape[0]!, shape[1]!, 1, shape[2]!] : shape)
const two = <T>(list: readonly T[], one: T): readonly [T, T] => (list.length === 1 ? [one, list[0]!] : (list as readonly [T, T]))

/** Calls `f(i, j, k)` for every product x[i]·w[j] that a convolution adds to y[k]. */
function taps(xShape: Shape, wShape: Shape, yShape: Shape, attrs: ConvOf, f: (i: number, j: number, k: number) => void): void {
  const [n, c, h, w] = flat(xShape) as [number, number, number, number]
  const [o, cg, kh, kw] = flat(wShape) as [number, number, number, number]
  const [, , oh, ow] = flat(yShape) as [number, number, number, number]
  const [sy, sx] = two(attrs.strides, 1)
  const [dy, dx] = two(attrs.dilations, 1)
  const [[py], [px]] = two<readonly [number, number]>(attrs.pads, [0, 0])
  const perGroup = o / attrs.groups
  for (let b = 0; b < n; b++)
    for (let q = 0; q < o; q++)
      for (let p = 0; p < cg; p++) {
        const from = (b * c + Math.floor(q / perGroup) * cg + p) * h * w
        for (let u = 0; u < kh; u++)
          for (let v = 0; v < kw; v++) {
            const j = ((q * cg + p) * kh + u) * kw + v
            for (let y = 0; y < oh; y++) {
              const iy = y * sy - py + u * dy
              if (iy < 0 || iy >= h) continue
              for (let x = 0; x < ow; x++) {
                const ix = x * sx - px + v * dx
                if (ix >= 0 && ix < w) f(from + iy * w + ix, j, ((b * o + q) * oh + y) * ow + x)
              }
            }
          }
      }
}

function summed(out: Value, f: (total: Float64Array) => void): readonly Value[] {
  const total = new Float64Array(out.data.length)
  f(total)
  out.data.set(total)
  return [out]
}

export const conv: Record<string, Kernel> = {
  conv: (({ inputs: [x, w], attrs, outputs: [y] }) =>
    summed(y!, total => taps(x!.shape, w!.shape, y!.shape, attrs, (i, j, k) => (total[k]! += x!.data[i]! * w!.data[j]!)))) as Kernel,
  convInputGrad: (({ inputs: [g, w], attrs, outputs: [x] }) =>
    summed(x!, total => taps(x!.shape, w!.shape, g!.shape, attrs, (i, j, k) => (total[i]! += g!.data[k]! * w!.data[j]!)))) as Kernel,
  convWeightGrad: (({ inputs: [x, g], attrs, outputs: [w] }) =>
    summed(w!, total => taps(x!.shape, w!.shape, g!.shape, attrs, (i, j, k) => (total[j]! += x!.data[i]! * g!.data[k]!)))) as Kernel,
}
