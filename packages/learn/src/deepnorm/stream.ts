/** How the branches of a deep transformer join its stream and what their weights begin with: DeepNorm, and the two rules that it is compared with. */
import { nn } from '@dioramic/tensor'
import { type Constants, type Depth, type Depths, deepnormConstants } from './constants.ts'

/** `deepnorm`: norm(α·x + f(x)), gains β (Wang et al. 2022); `post-ln`: norm(x + f(x)) (Vaswani et al. 2017); `pre-ln`: x + f(norm(x)) (Xiong et al. 2020). */
export type Scheme = 'deepnorm' | 'post-ln' | 'pre-ln'

/** What a stack of blocks needs. */
export interface Stream extends Constants {
  /** The residual rule, for `nn.block` or a block of your own. */
  readonly residual: nn.Residual
  /**
   * A layer with the scheme's first values: every weight Xavier-normal (Glorot & Bengio 2010) by its own fans, with gain β; queries and keys with gain 1, as they only say how values are mixed.
   * They are told by name: a part of a fused matrix, or a piece of the path, called q, k, query, key or q_proj, k_proj. Embeddings, norms and biases stay as they are. Give it blocks, not the readout.
   */
  gains(of: nn.Layer): nn.Layer
  /**
   * A layer whose updates move the stream equally far at any depth; train it with `optim.scaleUpdates(nn.factorsOf(model))`. The gains and biases of its norms act on the stream itself, not on a branch that is
   * divided by α, so a stack of N blocks adds 2N of their steps up: their rates are multiplied by 1/N. The paper bounds what gradient descent does to the matrices, whose rate stays; Adam moves a weight equally
   * far whatever its gradient, with which that bound grows as √N, so its rate of the matrices is multiplied by 1/√N. Give it whole blocks with their norms, at every depth, also that where a rate is tuned.
   */
  rates(of: nn.Layer, optimizer: 'sgd' | 'adam'): nn.Layer
  /** What stands behind the last block: the norm that pre-LN has not had yet, else nothing. */
  end(d: nn.Size): nn.Layer
}

const MIXES = /(^|\/)(q|k|query|key)(_proj)?(\/|$)/

/** Whether a part of a parameter makes queries or keys. */
export const onlyMixes = (path: string, part: string): boolean => MIXES.test(part) || (part === '' && MIXES.test(path))

function stream(scheme: Scheme, layers: number, { alpha, beta }: Constants): Stream {
  return {
    alpha,
    beta,
    residual: scheme === 'pre-ln' ? nn.preNorm : nn.postNorm({ alpha }),
    gains: of =>
      nn.parametrise(of, {
        parameter: (p, path) => (p.role === 'weight' ? p.withInit((_, part) => nn.xavier(onlyMixes(path, part) ? 1 : beta)) : p),
      }),
    rates: (of, optimizer) =>
      nn.parametrise(of, {
        parameter: p =>
          p.with({ lr: p.lr / (p.role === 'gain' || p.role === 'bias' ? layers : optimizer === 'adam' ? Math.sqrt(layers) : 1) }),
      }),
    end: d => (scheme === 'pre-ln' ? nn.layerNorm(d) : nn.fn(x => x)),
  }
}

/** Residual rule and first values by a scheme's name; of an encoder–decoder, for each. Depths are counted in blocks. @throws DepthError as `deepnormConstants` */
export function residualStream(scheme: Scheme, depth: Depth): Stream
export function residualStream(scheme: Scheme, depth: Depths): { readonly encoder: Stream; readonly decoder: Stream }
export function residualStream(scheme: Scheme, depth: Depth | Depths): Stream | { readonly encoder: Stream; readonly decoder: Stream } {
  const of = (layers: number, c: Constants) => stream(scheme, layers, scheme === 'deepnorm' ? c : { alpha: 1, beta: 1 })
  if ('layers' in depth) return of(depth.layers, deepnormConstants(depth))
  const { encoder, decoder } = deepnormConstants(depth)
  return { encoder: of(depth.encoder, encoder), decoder: of(depth.decoder, decoder) }
}

/** DeepNorm for so many blocks: `const { residual, gains } = deepnorm({ layers: 1000 })`; `deepnorm({ encoder: 6, decoder: 6 })` has one for each. */
export function deepnorm(depth: Depth): Stream
export function deepnorm(depth: Depths): { readonly encoder: Stream; readonly decoder: Stream }
export function deepnorm(depth: Depth | Depths): Stream | { readonly encoder: Stream; readonly decoder: Stream } {
  return residualStream('deepnorm', depth as Depth)
}
