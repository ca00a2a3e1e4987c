/** Attention of normalised queries and keys with a learned scale. */
import {
  abs,
  add,
  broadcastTo,
  cast,
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
export const unit = (x: Tensor): Tensor => div(x, sqrt(add(sum(mul(x, x), -1, true), 1e-6)))

/**
 * softmax(|scale|·(q·kᵀ + bias))·v for unit vectors q [..., heads, queries, size] and k, v [..., heads, keys, size]; scale [heads], bias [heads, queries, keys], seen bool, broadcast to
 * [..., heads, queries, keys]. A query that sees nothing gets zeros.
 */
export function attend(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  scale: Tensor,
  { bias, seen }: { readonly bias?: Tensor; readonly seen?: Tensor } = {},
): Tensor {
  const products = matmul(q, k, { transB: true })
  const logits = mul(bias ? add(products, bias) : products, reshape(abs(scale), [-1, 1, 1]))
  if (!seen) return matmul(softmax(logits), v)
  // Where a query sees nothing the softmax is uniform; the product makes it zero, and changes nothing elsewhere.
  return matmul(mul(softmax(where(seen, logits, constant(MASKED))), cast(seen, 'f32')), v)
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
