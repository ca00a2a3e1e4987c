/** Partial prediction: what is read before anything is predicted may decide where things go (Yu et al. 2022, "Efficient language modeling with sparse all-MLP"). */
import { constant, type Tensor } from '@dioramic/tensor'
import { SmlpError } from './error.ts'

/** The share of a text that partial prediction routes by. */
export const PREFIX_SHARE = 0.2

/** Positions of the prefix among `time`: a share of them, rounded up. */
export function prefixLength(time: number, share = PREFIX_SHARE): number {
  if (!(share > 0 && share <= 1)) throw new SmlpError(`the prefix is a share of the positions above 0 and up to 1, not ${share}`)
  // 0.2 · 15 may come out as 3 + 4e-16.
  return Math.ceil(share * time - 1e-9)
}

/** Weights of the loss, f32 [1, time]: 0 for the targets of the prefix, 1 for those behind it. Hand them to `crossEntropy` as `weights`. */
export function partialWeights(time: number, share = PREFIX_SHARE): Tensor {
  const prefix = prefixLength(time, share)
  return constant({ dtype: 'f32', shape: [1, time], data: Float32Array.from({ length: time }, (_, t) => Number(t >= prefix)) })
}
