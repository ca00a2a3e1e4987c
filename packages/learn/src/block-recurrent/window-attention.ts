/** Sliding-window attention with the last segment's block as a cache: what the baselines and the other layers of a block-recurrent model are made of. */
import { nn, type Tensor, type Tree } from '@dioramic/tensor'
import { blocksIn, inBlocks, inTime, type Past, pastOf } from './blocks.ts'
import { positive } from './error.ts'
import { headSize, inHeads, joinHeads, matrix, projections, unitsAndValues } from './heads.ts'
import { overSegment, overStep, type SelfParams, selfParameters, stepPast } from './self-attention.ts'

export interface WindowAttentionOptions {
  /** Texts that go on beside each other; the layer keeps the past of each. */
  readonly batch: number
  readonly heads: number
  /** Tokens that a token sees, and tokens of a block. */
  readonly window: number
  /** How far gradients go back: `segment` (default; a sliding window), or `window`: into no block before, which is Transformer-XL (Dai et al. 2019) with segments of one window. */
  readonly gradient?: 'segment' | 'window'
}

interface Params extends SelfParams {
  readonly project: Tree<Tensor>
  readonly out: Tree<Tensor>
}

const NAMES = ['k', 'q', 'v']

/**
 * Causal self-attention of x [batch, time, d] in which each token sees the `window` tokens before it, over segments whose time is a multiple of the window. Queries and keys are normalised,
 * the logits have T5's relative bias and a learned scale. Parameters `project` (keys, queries, values) and `out` without biases, `scale` and `bias`; state: the last block's keys and
 * values, so that segments fed one after another are one text. `restart` begins another. Linear in time.
 *
 * @throws BlockRecurrentError for heads that do not divide, a window of 0, a batch or a time that does not fit
 */
export function windowAttention(d: nn.Size, { batch, heads, window: w, gradient = 'segment' }: WindowAttentionOptions): nn.Layer {
  positive('the window', w)
  positive('the batch', batch)
  const size = headSize(d, heads)
  const project = projections(d, NAMES)
  const out = matrix(d, d)
  const parameters = { project: project.parameters, out: out.parameters, ...selfParameters(heads) }
  return nn.layer<Params, Past & object>({
    parameters,
    state: pastOf(batch, heads, w, size),
    apply: (p, past, x, context) => {
      blocksIn(x, batch, w, nn.sizeOf(d))
      const [k, q, v] = unitsAndValues(inBlocks(project.apply(p.project, {}, x, context)[0], NAMES.length, heads, w)) as [
        Tensor,
        Tensor,
        Tensor,
      ]
      const { y, past: next } = overSegment(p, { q, k, v }, past, gradient === 'window')
      return [out.apply(p.out, {}, inTime(joinHeads(y)), context)[0], next]
    },
    decoder: ({ batch: rows }) =>
      nn.layer<Params, Past & object>({
        parameters,
        state: stepPast(rows, heads, w, size),
        apply: (p, past, x, context) => {
          const [k, q, v] = unitsAndValues(inHeads(project.apply(p.project, {}, x, context)[0], NAMES.length, heads)) as [
            Tensor,
            Tensor,
            Tensor,
          ]
          const { y, past: next } = overStep(p, { q, k, v }, past)
          return [out.apply(p.out, {}, joinHeads(y), context)[0], next]
        },
      }),
  })
}
