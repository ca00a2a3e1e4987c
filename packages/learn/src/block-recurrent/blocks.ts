/** A segment in blocks of w tokens, and what of the block before is kept for the next. */
import {
  cast,
  concat,
  constant,
  expandDims,
  greater,
  nn,
  ones,
  or,
  reshape,
  slice,
  stopGradient,
  type Tensor,
  transpose,
} from '@dioramic/tensor'
import { BlockRecurrentError } from './error.ts'

/** What a layer remembers of the text so far: unit keys and values of the last block [batch, heads, w, size], and `seen` [batch], 0 where a document has only begun. */
export interface Past {
  readonly keys: Tensor
  readonly values: Tensor
  readonly seen: Tensor
}

/** Declares a past; zeros are that of a document's start. */
export const pastOf = (batch: number, heads: number, w: number, size: number) => ({
  keys: nn.statistic([batch, heads, w, size]),
  values: nn.statistic([batch, heads, w, size]),
  seen: nn.statistic([batch]),
})

/** Blocks of a segment [batch, time, d]. @throws BlockRecurrentError where the shape does not fit the layer */
export function blocksIn(x: Tensor, batch: number, w: number, d: number): number {
  const [rows, time, width] = x.shape
  if (x.rank !== 3 || width !== d) throw new BlockRecurrentError(`the layer takes [batch, time, ${d}], not [${x.shape.join(', ')}]`)
  if (rows !== batch)
    throw new BlockRecurrentError(`the layer keeps the past of ${batch} texts and was given ${rows}: make it with { batch: ${rows} }`)
  if (time! % w !== 0)
    throw new BlockRecurrentError(`a segment of ${time} tokens is no multiple of the window of ${w}: cut the text into segments that are`)
  return time! / w
}

/** Projections side by side [batch, time, count·heads·size] → [count, blocks, batch, heads, w, size]. */
export function inBlocks(x: Tensor, count: number, heads: number, w: number): Tensor {
  const [batch, time, width] = x.shape as [number, number, number]
  return transpose(reshape(x, [batch, time / w, w, count, heads, width / count / heads]), [3, 1, 0, 4, 2, 5])
}

/** [blocks, batch, w, d] → [batch, blocks·w, d]. */
export function inTime(x: Tensor): Tensor {
  const [blocks, batch, w, d] = x.shape as [number, number, number, number]
  return reshape(transpose(x, [1, 0, 2, 3]), [batch, blocks * w, d])
}

/**
 * Each block's keys (or values) after those of the block before: own [blocks, batch, heads, w, size] and the last segment's last block → [blocks, batch, heads, 2w, size]. No gradient goes into
 * the last segment, nor, where `detached`, into any block before.
 */
export function withPrevious(own: Tensor, last: Tensor, detached: boolean): Tensor {
  const before = slice(concat([expandDims(stopGradient(last), 0), own]), [[0, own.shape[0]!]])
  return concat([detached ? stopGradient(before) : before, own], 3)
}

/** Which of the 2w keys exist: all but the previous block's where a document begins. Bool [blocks, batch, 1, 1, 2w]. */
export function existing(seen: Tensor, blocks: number, w: number): Tensor {
  const batch = seen.shape[0]!
  const first = reshape(cast(greater(seen, 0), 'f32'), [1, batch])
  const before = blocks === 1 ? first : concat([first, ones([blocks - 1, batch])])
  return or(greater(reshape(before, [blocks, batch, 1, 1, 1]), 0), ownHalf(w))
}

/** True for the block's own keys among 2w. */
const ownHalf = (w: number): Tensor =>
  constant({ dtype: 'bool', shape: [2 * w], data: Uint8Array.from({ length: 2 * w }, (_, k) => Number(k >= w)) })

/** The last block of [blocks, …]. */
export const lastOf = (x: Tensor): Tensor => reshape(slice(x, [[x.shape[0]! - 1, x.shape[0]!]]), x.shape.slice(1))
