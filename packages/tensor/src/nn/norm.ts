import { stopGradient } from '../autodiff/custom.ts'
import type { Tensor } from '../graph/tensor.ts'
import { flatten, type Tree } from '../graph/tree.ts'
import * as ops from '../ops/index.ts'
import type { Context } from './context.ts'
import { type Size, sizeOf } from './dim.ts'
import { type Layer, layer } from './layer.ts'
import { scaledVector } from './linear.ts'
import { bias, gain, normal, ones, type Parameter, statistic } from './parameter.ts'

export interface NormOptions {
  readonly epsilon?: number
  /** Learn a gain. Default true. */
  readonly gain?: boolean
  /** Learn a bias. Default true. */
  readonly bias?: boolean
}

const affine = (d: Size, o: NormOptions) => ({
  ...(o.gain === false ? {} : { gain: gain(d) }),
  ...(o.bias === false ? {} : { bias: bias(d) }),
})
type Affine = { readonly gain?: Tensor; readonly bias?: Tensor }
const scaledAffine = (p: Affine, context: Context, d: Size): Affine => ({
  ...(p.gain ? { gain: scaledVector(p.gain, context, d) } : {}),
  ...(p.bias ? { bias: scaledVector(p.bias, context, d) } : {}),
})

/** Layer norm over the last axis. Parameters `gain` and `bias` [d]. */
export const layerNorm = (d: Size, { epsilon = 1e-5, ...options }: NormOptions = {}): Layer =>
  layer<Affine>({
    parameters: affine(d, options),
    apply: (params, _state, x, context) => ops.layerNorm(x, { ...scaledAffine(params, context, d), epsilon }),
  })

/** Root-mean-square norm over the last axis. Parameter `gain` [d]. */
export const rmsNorm = (d: Size, { epsilon = 1e-6, gain: learned = true }: Omit<NormOptions, 'bias'> = {}): Layer =>
  layer<Affine>({
    parameters: affine(d, { gain: learned, bias: false }),
    apply: (params, _state, x, context) => ops.rmsNorm(x, { ...scaledAffine(params, context, d), epsilon }),
  })

/** Group norm of x [N, C, …]. Parameters `gain` and `bias` [channels]. */
export const groupNorm = (channels: Size, groups: number, { epsilon = 1e-5, ...options }: NormOptions = {}): Layer =>
  layer<Affine>({
    parameters: affine(channels, options),
    apply: (params, _state, x, context) => ops.groupNorm(x, groups, { ...scaledAffine(params, context, channels), epsilon }),
  })

/**
 * Batch norm of x [N, C, …]. Training normalises with the batch's own statistics and moves the state `mean` and `variance` towards them by `momentum` (the variance times n / (n − 1), as
 * PyTorch does); evaluation uses the state.
 */
export function batchNorm(
  channels: Size,
  { epsilon = 1e-5, momentum = 0.1, ...options }: NormOptions & { readonly momentum?: number } = {},
): Layer {
  return layer<Affine, { mean: Tensor; variance: Tensor }>({
    parameters: affine(channels, options),
    state: { mean: statistic([channels]), variance: statistic([channels], ones) },
    apply: (params, state, x, context) => {
      const vectors = scaledAffine(params, context, channels)
      if (!context.train) return ops.batchNorm(x, state, { ...vectors, epsilon })
      const own = ops.batchMoments(x)
      const n = x.size / sizeOf(channels)
      const move = (from: Tensor, to: Tensor) => ops.add(from, ops.mul(ops.sub(stopGradient(to), from), momentum))
      return [
        ops.batchNorm(x, own, { ...vectors, epsilon }),
        { mean: move(state.mean, own.mean), variance: move(state.variance, n > 1 ? ops.mul(own.variance, n / (n - 1)) : own.variance) },
      ]
    },
  })
}

/** Weights under spectral normalisation: what `spectralNorm` does to a layer's, for any tree of parameters. */
export interface Spectral {
  /** The singular vectors, by path. */
  readonly state: Readonly<Record<string, Parameter>>
  /** The parameters with weights of rank 2 or more divided by their largest singular value, and the vectors after one power iteration (in training; else as they are). */
  normalise(
    params: Tree<Tensor>,
    u: Readonly<Record<string, Tensor>>,
    train: boolean,
  ): readonly [Tree<Tensor>, Readonly<Record<string, Tensor>>]
}

/** Spectral normalisation of declared parameters (Miyato et al. 2018). Matrices are taken as [first axis, rest]. */
export function spectral(parameters: Tree<Parameter>, { epsilon = 1e-12 }: { readonly epsilon?: number } = {}): Spectral {
  const declared = flatten<Parameter>(parameters)
  const at = declared.list.flatMap((p, i) => (p.role === 'weight' && p.shape.length >= 2 ? [i] : []))
  const unit = (v: Tensor) => ops.div(v, ops.add(ops.sqrt(ops.sum(ops.mul(v, v))), epsilon))
  return {
    state: Object.fromEntries(at.map(i => [name(declared.paths[i]!), statistic([declared.list[i]!.shape[0]!], normal(1))])),
    normalise: (params, vectors, train) => {
      const values = flatten<Tensor>(params)
      const u: Record<string, Tensor> = { ...vectors }
      const list = values.list.map((w, i) => {
        if (!at.includes(i)) return w
        const id = name(declared.paths[i]!)
        const matrix = ops.reshape(w, [w.shape[0]!, -1])
        const fixed = stopGradient(matrix)
        const before = unit(vectors[id]!)
        const v = unit(ops.matmul(before, fixed))
        const left = train ? unit(ops.matmul(fixed, v)) : before
        if (train) u[id] = left
        const right = train ? v : unit(ops.matmul(left, fixed))
        const sigma = ops.sum(ops.mul(ops.matmul(left, matrix), right))
        return ops.div(w, sigma)
      })
      return [values.rebuild(list), u]
    },
  }
}

/**
 * A layer whose weights (of rank 2 or more) are divided by their largest singular value, followed by one power iteration a training step (Miyato et al. 2018). State: `inner`, and the
 * singular vectors `u` by path. Matrices are taken as [first axis, rest].
 */
export function spectralNorm(of: Layer, options: { readonly epsilon?: number } = {}): Layer {
  const weights = spectral(of.parameters, options)
  return layer<object, { inner: Tree<Tensor>; u: Readonly<Record<string, Tensor>> }>({
    parameters: of.parameters as never,
    state: { inner: of.state, u: weights.state },
    apply: (params, state, x, context) => {
      const [divided, u] = weights.normalise(params as Tree<Tensor>, state.u, context.train)
      const [y, inner] = of.apply(divided, state.inner, x, context)
      return [y, { inner, u }]
    },
    decoder: size => spectralNorm(of.decoder(size), options),
  })
}

const name = (path: string): string => path.replaceAll('/', '.')
