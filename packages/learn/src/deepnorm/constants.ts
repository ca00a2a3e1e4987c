/** DeepNorm's constants (Wang et al. 2022, "DeepNet: scaling transformers to 1,000 layers", figure 2). A layer is a block: its attentions and its feed-forward net together. */
import { DepthError } from './error.ts'

/** Layers of an encoder alone or a decoder alone. */
export interface Depth {
  readonly layers: number
}

/** Layers of an encoder and of the decoder that reads it: the constants of each depend on both. */
export interface Depths {
  readonly encoder: number
  readonly decoder: number
}

export interface Constants {
  /** Factor of the stream where a branch is added: norm(alpha·x + f(x)). */
  readonly alpha: number
  /** Gain of the first values of what writes into the stream: values, outputs and the feed-forward net. */
  readonly beta: number
}

/**
 * (2N)^¼ and (8N)^−¼ of N layers alone; of an encoder of N and a decoder of M layers 0.81·(N⁴M)^(1/16) and 0.87·(N⁴M)^(−1/16) for the encoder, (3M)^¼ and (12M)^−¼ for the decoder.
 *
 * @throws DepthError for depths that are no whole numbers from 1, or one depth of an encoder–decoder without the other
 */
export function deepnormConstants(depth: Depth): Constants
export function deepnormConstants(depth: Depths): { readonly encoder: Constants; readonly decoder: Constants }
export function deepnormConstants(depth: Depth | Depths) {
  if ('layers' in depth) {
    const n = whole(depth.layers, 'layers')
    return { alpha: (2 * n) ** 0.25, beta: (8 * n) ** -0.25 }
  }
  const { encoder, decoder } = depth as Partial<Depths>
  if (encoder === undefined || decoder === undefined)
    throw new DepthError(
      'an encoder–decoder has two depths, and the constants of each depend on both: give { encoder, decoder }; for an encoder or a decoder alone give { layers }',
    )
  const [n, m] = [whole(encoder, 'layers of the encoder'), whole(decoder, 'layers of the decoder')]
  const root = (n ** 4 * m) ** (1 / 16)
  return { encoder: { alpha: 0.81 * root, beta: 0.87 / root }, decoder: { alpha: (3 * m) ** 0.25, beta: (12 * m) ** -0.25 } }
}

function whole(n: number, what: string): number {
  if (!Number.isInteger(n) || n < 1) throw new DepthError(`${n} ${what}: it needs a whole number from 1`)
  return n
}
