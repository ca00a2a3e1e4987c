/** What attentions share: how a width divides into heads, what a query makes of a key, and how the heads' answers become one. */
import { TensorError } from '../error.ts'
import type { Tensor } from '../graph/tensor.ts'
import { add, constant, matmul, mul, reshape, slice, transpose } from '../ops/index.ts'
import { dropout as drop } from '../random/ops.ts'
import type { Context } from './context.ts'
import { baseOf, quotient, type Size, sizeOf } from './dim.ts'
import { scaledUse, scaledVector, useOf } from './linear.ts'

/** The parameters at the end of an attention. */
export interface Output {
  readonly out: Tensor
  readonly outBias?: Tensor
}

export interface Heads {
  /** Size of one. */
  readonly size: number
  /** x [batch, time, from] times w [from, k·d], plus b, as k tensors [batch, heads, time, size]. */
  project(x: Tensor, w: Tensor, b: Tensor | undefined, from: Size, k: number, context: Context): readonly Tensor[]
  /** q·kᵀ, scaled by 1/√size or as the parametrisation says: [batch, heads, queries, keys]. */
  logits(q: Tensor, k: Tensor, context: Context): Tensor
  /** Weights a (dropped out in training) times values, head beside head, through the output matrix: [batch, queries, d]. */
  finish(p: Output, a: Tensor, v: Tensor, context: Context): Tensor
}

/** A width divided into heads. @throws TensorError where it does not divide */
export function headsOf(who: string, d: Size, count: Size, dropout: number): Heads {
  const [n, heads] = [sizeOf(d), sizeOf(count)]
  if (!Number.isInteger(heads) || heads < 1) throw new TensorError(`${who}: ${heads} heads; it needs a whole number from 1`)
  if (n % heads !== 0) throw new TensorError(`${who}: a width of ${n} does not divide into ${heads} heads`)
  if (baseOf(d) % baseOf(count) !== 0)
    throw new TensorError(
      `${who}: the base width of ${baseOf(d)} does not divide into ${baseOf(count)} heads; where heads become more as the model grows, give them as a dim, too`,
    )
  const size = n / heads
  const dim = quotient(d, count)
  const product = (x: Tensor, from: Size, context: Context) => scaledUse(x, context, useOf(from, d))
  return {
    size,
    project: (x, w, b, from, k, context) => {
      const [batch, time] = x.shape as [number, number]
      const y = product(matmul(x, w), from, context)
      const all = transpose(reshape(b ? add(y, scaledVector(b, context, d)) : y, [batch, time, k, heads, size]), [2, 0, 3, 1, 4])
      return Array.from({ length: k }, (_, i) => reshape(slice(all, [[i, i + 1]]), [batch, heads, time, size]))
    },
    logits: (q, k, context) => {
      const scale = context.multiplier?.({ kind: 'attention', dims: [dim] }) ?? 1 / Math.sqrt(size)
      return mul(matmul(q, k, { transB: true }), constant(scale))
    },
    finish: (p, a, v, context) => {
      const kept = dropout > 0 && context.train ? drop(a, dropout, context.needKey('attention dropout')) : a
      const y = matmul(kept, v)
      const [batch, , time] = y.shape as [number, number, number]
      const z = product(matmul(reshape(transpose(y, [0, 2, 1, 3]), [batch, time, n]), p.out), d, context)
      return p.outBias ? add(z, scaledVector(p.outBias, context, d)) : z
    },
  }
}
