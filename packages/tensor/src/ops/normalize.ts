/** Normalisation: layer, RMS, group and batch norm. */
import { alias, cotangentsOf } from '../autodiff/vjp.ts'
import { ShapeError } from '../error.ts'
import { sameShape } from '../graph/shape.ts'
import { apply, type Op, type Tensor } from '../graph/tensor.ts'
import { constant } from './constant.ts'
import { add, div, mul, sqrt, sub } from './elementwise.ts'
import { mean, sum } from './reduce.ts'
import { broadcastTo, reshape } from './shape.ts'

/** Inputs x […, d], γ [d], β [d]; outputs x̂·γ + β with x̂ = (x − mean)·inv over the last axis, mean […, 1] and inv = 1/√(variance + ε) […, 1]. */
export const layerNormOp: Op<{ readonly epsilon: number }> = {
  name: 'layerNorm',
  infer: ([x, gamma, beta]) => {
    const d = x!.shape.at(-1)
    if (x!.dtype !== 'f32' || gamma!.dtype !== 'f32' || beta!.dtype !== 'f32') throw new ShapeError('takes f32')
    if (d === undefined || d === 0) throw new ShapeError('needs a last axis with elements')
    if (!sameShape(gamma!.shape, [d]) || !sameShape(beta!.shape, [d])) throw new ShapeError(`gain and bias must be [${d}]`)
    const row = { dtype: 'f32', shape: [...x!.shape.slice(0, -1), 1] } as const
    return [x!, row, row]
  },
  vjp: ({ inputs, outputs, cotangents, needs }) => {
    const [x, gamma] = inputs as [Tensor, Tensor, Tensor]
    const [, m, inv] = outputs as [Tensor, Tensor, Tensor]
    const [gy, gm, ginv] = cotangents
    const [dx, dGamma, dBeta] = gy ? apply(layerNormGradOp, [x, m, inv, gamma, gy], {}) : []
    const parts = dx ? [dx] : []
    if (needs[0]) {
      const d = x.shape.at(-1)!
      if (gm) parts.push(broadcastTo(div(gm, d), x.shape))
      // d inv/dx = −inv³·(x − mean)/d
      if (ginv) parts.push(mul(sub(x, m), mul(ginv, mul(mul(inv, mul(inv, inv)), -1 / d))))
    }
    return [needs[0] ? parts.reduce((a, b) => add(a, b)) : undefined, dGamma, dBeta]
  },
}

/**
 * Inputs x, mean, inv, γ, g (layer norm's input, statistics, gain and its result's cotangent); outputs the cotangents of x, γ and β with the statistics' dependence on x taken in:
 * dx = inv·(h − mean(h) − x̂·mean(h·x̂)), h = g·γ; dγ = Σ g·x̂; dβ = Σ g.
 */
export const layerNormGradOp: Op = {
  name: 'layerNormGrad',
  infer: ([x, m, inv, gamma, g]) => {
    const d = x!.shape.at(-1)!
    const row = [...x!.shape.slice(0, -1), 1]
    const fits = sameShape(g!.shape, x!.shape) && sameShape(m!.shape, row) && sameShape(inv!.shape, row) && sameShape(gamma!.shape, [d])
    if (!fits) throw new ShapeError('the shapes are not those of one layer norm')
    return [x!, gamma!, gamma!]
  },
  vjp: ({ inputs, cotangents, needs }) => {
    const fresh = inputs.map(alias)
    const [x, m, inv, gamma, g] = fresh as [Tensor, Tensor, Tensor, Tensor, Tensor]
    const lead = Array.from({ length: x.rank - 1 }, (_, i) => i)
    const hat = mul(sub(x, m), inv)
    const h = mul(g, gamma)
    const dx = mul(inv, sub(sub(h, mean(h, -1, true)), mul(hat, mean(mul(h, hat), -1, true))))
    return cotangentsOf([dx, sum(mul(g, hat), lead), sum(g, lead)], cotangents, fresh).map((t, i) => (needs[i] ? t : undefined))
  },
}

/** A vector along axis 1, to be broadcast over the other axes of x. */
const channels = (v: Tensor, x: Tensor): Tensor => reshape(v, [v.size, ...x.shape.slice(2).map(() => 1)])

const affine = (y: Tensor, gain: Tensor | undefined, bias: Tensor | undefined): Tensor => {
  const scaled = gain ? mul(y, gain) : y
  return bias ? add(scaled, bias) : scaled
}

/** (x − mean)/√(variance + ε)·gain + bias over the last axis (Ba et al. 2016). `gain` and `bias` are [d], 1 and 0 by default. */
export function layerNorm(
  x: Tensor,
  { gain, bias, epsilon = 1e-5 }: { readonly gain?: Tensor; readonly bias?: Tensor; readonly epsilon?: number } = {},
): Tensor {
  const d = x.shape.slice(-1)
  return apply(layerNormOp, [x, gain ?? broadcastTo(constant(1), d), bias ?? broadcastTo(constant(0), d)], { epsilon })[0]!
}

/** x/√(mean(x²) + ε)·gain over the last axis (Zhang & Sennrich 2019). */
export const rmsNorm = (x: Tensor, { gain, epsilon = 1e-6 }: { readonly gain?: Tensor; readonly epsilon?: number } = {}): Tensor =>
  affine(div(x, sqrt(add(mean(mul(x, x), -1, true), epsilon))), gain, undefined)

/** Mean and variance (divided by n) over `axes`. */
export function moments(
  x: Tensor,
  axes?: number | readonly number[],
  keepDims = false,
): { readonly mean: Tensor; readonly variance: Tensor } {
  const centre = mean(x, axes, true)
  const away = sub(x, centre)
  return { mean: keepDims ? centre : mean(x, axes), variance: mean(mul(away, away), axes, keepDims) }
}

/** Normalises groups of neighbouring channels of x [N, C, …] within each example (Wu & He 2018). `gain` and `bias` are [C]. */
export function groupNorm(
  x: Tensor,
  groups: number,
  { gain, bias, epsilon = 1e-5 }: { readonly gain?: Tensor; readonly bias?: Tensor; readonly epsilon?: number } = {},
): Tensor {
  const [n, c] = x.shape as [number, number]
  if (x.rank < 2 || c % groups !== 0) throw new ShapeError(`groupNorm: [${x.shape.join(',')}] has no ${groups} equal groups of channels`)
  const rows = reshape(x, [n, groups, -1])
  const { mean: m, variance } = moments(rows, -1, true)
  const y = reshape(div(sub(rows, m), sqrt(add(variance, epsilon))), x.shape)
  return affine(y, gain && channels(gain, x), bias && channels(bias, x))
}

/**
 * (x − mean)/√(variance + ε)·gain + bias per channel of x [N, C, …] (Ioffe & Szegedy 2015); all vectors are [C]. In training give the batch's own `batchMoments(x)`,
 * whose gradients are then taken in; in evaluation the running ones.
 */
export function batchNorm(
  x: Tensor,
  statistics: { readonly mean: Tensor; readonly variance: Tensor },
  { gain, bias, epsilon = 1e-5 }: { readonly gain?: Tensor; readonly bias?: Tensor; readonly epsilon?: number } = {},
): Tensor {
  // One factor a channel: what is done to vectors costs nothing, what is done to x a pass over it.
  const scale = div(gain ?? 1, sqrt(add(statistics.variance, epsilon)))
  return affine(sub(x, channels(statistics.mean, x)), channels(scale, x), bias && channels(bias, x))
}

/** Mean and variance of each channel of x [N, C, …], over all other axes. */
export const batchMoments = (x: Tensor): { readonly mean: Tensor; readonly variance: Tensor } =>
  moments(
    x,
    x.shape.flatMap((_, i) => (i === 1 ? [] : [i])),
  )
