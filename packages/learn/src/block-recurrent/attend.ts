/** Attention of normalised queries and keys with a learned scale. */
import {
  abs,
  add,
  broadcastTo,
  constant,
  div,
  expandDims,
  gather,
  i64,
  matmul,
  mul,
  reshape,
  slice,
  softmax,
  sqrt,
  sum,
  type Tensor,
  transpose,
  where,
} from '@dioramic/tensor'
import { bucketOf } from './window.ts'

/** What is taken for −∞: its exponential is 0 in f32, and no difference of two is NaN. */
const MASKED = -1e30

/** x / √(|x|² + 1e-6) along the last axis. */
export const unit = (x: Tensor): Tensor => mul(x, div(1, sqrt(add(sum(mul(x, x), -1, true), 1e-6))))

/** |scale| of each head, for tensors [..., heads, rows, columns]. */
const perHead = (scale: Tensor): Tensor => reshape(abs(scale), [-1, 1, 1])

/** Unit vectors of queries [..., heads, rows, size] times their head's scale [heads]: products with unit keys are then logits. */
export const scaled = (q: Tensor, scale: Tensor): Tensor => mul(q, perHead(scale))

/** What is added to logits: the bias [..., heads, queries, keys] times the heads' scale where a key is seen (bool, broadcast), else so little that it counts nothing. */
export const maskedBias = (bias: Tensor, scale: Tensor, seen: Tensor): Tensor => where(seen, mul(bias, perHead(scale)), constant(MASKED))

/** The same without a bias. */
export const maskOf = (seen: Tensor): Tensor => where(seen, constant(0), constant(MASKED))

/** softmax(q·kᵀ + added)·v for scaled queries [..., rows, size] and unit keys, values [..., keys, size]. Every query must see a key. */
export function attend(q: Tensor, k: Tensor, v: Tensor, added?: Tensor): Tensor {
  const logits = matmul(q, k, { transB: true })
  return matmul(softmax(added ? add(logits, added) : logits), v)
}

/** Rows of a bias table for distances from 0: [distances, heads]. */
export const biasByDistance = (table: Tensor, distances: readonly number[]): Tensor =>
  gather(table, constant(i64(distances.map(n => bucketOf(Math.max(0, n))))))

/** The bias of a block's w queries on 2w keys: [heads, w, 2w]; `windowMask` says which of it count. */
export function windowBias(table: Tensor, w: number): Tensor {
  // Entry (q, k) depends on k − q alone. A row of 3w numbers, repeated w times and cut to rows one shorter, moves on by one each row: so the derivative is sums, and no table of w·2w rows.
  const length = 3 * w
  const heads = table.shape[1]!
  const relative = Array.from({ length }, (_, i) => (i < 2 * w ? i : i - length))
  const line = transpose(
    biasByDistance(
      table,
      relative.map(r => w - r),
    ),
  )
  const lines = reshape(broadcastTo(expandDims(line, 1), [heads, w, length]), [heads, w * length])
  return slice(reshape(slice(lines, [null, [0, w * (length - 1)]]), [heads, w, length - 1]), [null, null, [0, 2 * w]])
}
