/** Self-attention of tokens on the window before them, in a segment and one token at a time. */
import {
  add,
  and,
  cast,
  concat,
  constant,
  equal,
  full,
  gather,
  greater,
  greaterEqual,
  iota,
  less,
  maximum,
  mul,
  nn,
  or,
  reshape,
  slice,
  sub,
  type Tensor,
  transpose,
  where,
} from '@dioramic/tensor'
import { attend, biasByDistance, maskedBias, scaled, windowBias } from './attend.ts'
import { existing, lastOf, type Past, withPrevious } from './blocks.ts'
import { OF_SCALARS } from './rates.ts'
import { BUCKETS, windowMask } from './window.ts'

/** Scale and bias of each head. */
export interface SelfParams {
  readonly scale: Tensor
  readonly bias: Tensor
}

/** A learned scale for each head, 1 at first. */
export const scaleOf = (heads: number): nn.Parameter => nn.free([heads], nn.ones, OF_SCALARS)

/** Parameters of a self-attention: `scale` [heads], and T5's relative bias [32, heads], which starts at 0: no distance is preferred. */
export const selfParameters = (heads: number) => ({ scale: scaleOf(heads), bias: nn.free([BUCKETS, heads], nn.zeros, OF_SCALARS) })

/** Unit queries and keys, and values. */
interface Projected {
  readonly q: Tensor
  readonly k: Tensor
  readonly v: Tensor
}

/** What others may read of the tokens: keys and values of two blocks, and which of them exist. */
interface Attended {
  readonly y: Tensor
  readonly keys: Tensor
  readonly values: Tensor
  readonly exists: Tensor
  readonly past: Past
}

/** A whole segment: q, k, v [blocks, batch, heads, w, size] → y of the same shape, zeros for the first token of a document, which sees nothing; keys and values [blocks, batch, heads, 2w, size]. */
export function overSegment(p: SelfParams, { q, k, v }: Projected, past: Past, detached: boolean): Attended {
  const [blocks, , , w] = q.shape as [number, number, number, number]
  const keys = withPrevious(k, past.keys, detached)
  const values = withPrevious(v, past.values, detached)
  const exists = existing(past.seen, blocks, w)
  const mask = constant({ dtype: 'bool', shape: [w, 2 * w], data: Uint8Array.from(windowMask(w).flat(), Number) })
  const y = attend(scaled(q, p.scale), keys, values, maskedBias(windowBias(p.bias, w), p.scale, and(mask, exists)))
  const before = greater(iota(w), 0)
  const sees = or(reshape(before, [w, 1]), slice(exists, [null, null, null, null, [0, 1]]))
  return {
    y: mul(y, cast(sees, 'f32')),
    keys,
    values,
    exists,
    past: { keys: lastOf(k), values: lastOf(v), seen: full([past.seen.shape[0]!], w) },
  }
}

/** Attended by one token, and whether it filled its block, bool [batch]. */
interface Step extends Attended {
  readonly filled: Tensor
}

/** The past of a decoder: room for two blocks, the one before and the one that grows; `seen` counts to 2w and then from w again. */
export const stepPast = (batch: number, heads: number, w: number, size: number) => ({
  keys: nn.statistic([batch, heads, 2 * w, size]),
  values: nn.statistic([batch, heads, 2 * w, size]),
  seen: nn.statistic([batch]),
})

/** The next token of each text: q, k, v [batch, heads, 1, size] → y of the same shape; keys and values [batch, heads, 2w, size]. Rows may stand at different places of their blocks. */
export function overStep(p: SelfParams, { q, k, v }: Projected, past: Past): Step {
  const [batch, , length] = past.keys.shape as [number, number, number]
  const w = length / 2
  const seen = reshape(past.seen, [batch, 1])
  const place = where(less(seen, w), seen, sub(seen, w))
  const slot = cast(iota(length), 'f32')
  const here = reshape(equal(slot, add(place, w)), [batch, 1, length, 1])
  const keys = where(here, k, past.keys)
  const values = where(here, v, past.values)
  const exists = or(greaterEqual(slot, w), greaterEqual(seen, w))
  const visible = and(and(greaterEqual(slot, place), less(slot, add(place, w))), exists)
  const distance = cast(maximum(sub(add(place, w), slot), 0), 'i64')
  const byDistance = biasByDistance(
    p.bias,
    Array.from({ length }, (_, n) => n),
  )
  const bias = reshape(transpose(gather(byDistance, distance), [0, 2, 1]), [batch, -1, 1, length])
  const y = attend(scaled(q, p.scale), keys, values, maskedBias(bias, p.scale, reshape(visible, [batch, 1, 1, length])))
  const filled = equal(place, w - 1)
  const moved = (x: Tensor) => {
    const own = slice(x, [null, null, [w, length]])
    return where(reshape(filled, [batch, 1, 1, 1]), concat([own, own], 2), x)
  }
  const next = add(past.seen, 1)
  return {
    y: mul(y, reshape(cast(greater(seen, 0), 'f32'), [batch, 1, 1, 1])),
    keys,
    values,
    exists: reshape(exists, [batch, 1, 1, length]),
    filled: reshape(filled, [batch]),
    past: { keys: moved(keys), values: moved(values), seen: where(equal(next, length), w, next) },
  }
}
