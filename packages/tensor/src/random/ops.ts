/**
 * Random numbers in a graph. They depend on a key and on nothing else: the same key gives the same numbers in every runtime and on every machine, and again when a step is
 * recomputed. A key is an i64 tensor of shape [2]; give each use its own by `fork`. No gradient passes through a draw.
 */
import { ShapeError, TensorError } from '../error.ts'
import type { DType, Shape, Type } from '../graph/dtype.ts'
import { normalAxis } from '../graph/shape.ts'
import { apply, type Op, Tensor } from '../graph/tensor.ts'
import { constant } from '../ops/constant.ts'
import { add, less, log, mul, neg } from '../ops/elementwise.ts'
import { argMax } from '../ops/reduce.ts'
import { stack } from '../ops/shape.ts'
import { checkRange } from './draw.ts'
import { bernoulliThreshold, dropoutThreshold } from './philox.ts'

interface Drawn {
  readonly shape: Shape
}

function wantsKey(t: Type | undefined): void {
  if (t?.dtype !== 'i64' || t.shape.length !== 1 || t.shape[0] !== 2) throw new ShapeError('a key is an i64 tensor of shape [2]')
}

/** What a draw checks: its key and its shape. */
const drawn =
  (dtype: DType, check: (attrs: never) => void = () => {}) =>
  ([key]: readonly Type[], attrs: Drawn): readonly Type[] => {
    wantsKey(key)
    if (attrs.shape.some(n => !Number.isInteger(n) || n < 0)) throw new ShapeError(`[${attrs.shape.join(',')}] is not a shape`)
    try {
      check(attrs as never)
    } catch (error) {
      throw error instanceof RangeError ? new ShapeError(error.message) : error
    }
    return [{ dtype, shape: attrs.shape }]
  }

export const randomUniformOp: Op<Drawn> = { name: 'randomUniform', infer: drawn('f32'), vjp: null }
export const randomNormalOp: Op<Drawn> = { name: 'randomNormal', infer: drawn('f32'), vjp: null }
export const randomMaskOp: Op<Drawn & { readonly rate: number }> = {
  name: 'randomMask',
  infer: drawn('f32', ({ rate }: { rate: number }) => void dropoutThreshold(rate)),
  vjp: null,
}
export const bernoulliOp: Op<Drawn & { readonly p: number }> = {
  name: 'bernoulli',
  infer: drawn('bool', ({ p }: { p: number }) => void bernoulliThreshold(p)),
  vjp: null,
}
export const randomIntOp: Op<Drawn & { readonly low: number; readonly high: number }> = {
  name: 'randomInt',
  infer: drawn('i64', ({ low, high }: { low: number; high: number }) => checkRange(low, high)),
  vjp: null,
}
export const permutationOp: Op<{ readonly n: number }> = {
  name: 'permutation',
  infer: ([key], { n }) => drawn('i64')([key!], { shape: [n] }),
  vjp: null,
}
/** Inputs key and index (an i64 scalar): the words of `Key.fork(index)`. */
export const forkIndexOp: Op = {
  name: 'forkIndex',
  infer: ([key, index]) => {
    wantsKey(key)
    if (index!.dtype !== 'i64' || index!.shape.length !== 0) throw new ShapeError('the index is an i64 scalar')
    return [key!]
  },
  vjp: null,
}
/** The words of `Key.fork(name)`. */
export const forkNameOp: Op<{ readonly fork: string }> = {
  name: 'forkName',
  infer: ([key]) => {
    wantsKey(key)
    return [key!]
  },
  vjp: null,
}

/** An independent key for a name or an index: the same as `Key.fork` gives. The index may be a tensor (i64 scalar), such as a loop's counter. */
export const fork = (key: Tensor, to: string | number | Tensor): Tensor =>
  typeof to === 'string'
    ? apply(forkNameOp, [key], { fork: to })[0]!
    : apply(forkIndexOp, [key, to instanceof Tensor ? to : constant(to, 'i64')], {})[0]!

/** `count` independent keys: `fork(key, 0)`, `fork(key, 1)`, … */
export const splitKey = (key: Tensor, count: number): Tensor[] => Array.from({ length: count }, (_, i) => fork(key, i))

/** `count` independent keys as one tensor [count, 2]: what a `scan` takes along. */
export const stackedKeys = (key: Tensor, count: number): Tensor => stack(splitKey(key, count))

/** f32, uniform from `low` to below `high`, by 24 bits. */
export function randomUniform(
  key: Tensor,
  shape: Shape,
  { low = 0, high = 1 }: { readonly low?: number; readonly high?: number } = {},
): Tensor {
  const u = apply(randomUniformOp, [key], { shape })[0]!
  return low === 0 && high === 1 ? u : add(mul(u, high - low), low)
}

/** f32, standard normal (Box & Muller 1958), to ±6.5. */
export const randomNormal = (key: Tensor, shape: Shape): Tensor => apply(randomNormalOp, [key], { shape })[0]!

/** f32: 0 with probability `rate` (to 2⁻¹⁷), else 1/(1 − rate): what dropout multiplies by. */
export const randomMask = (key: Tensor, shape: Shape, rate: number): Tensor => apply(randomMaskOp, [key], { shape, rate })[0]!

/** bool, true with probability p: a number (to 2⁻³³), or a tensor of the result's shape. */
export function bernoulli(key: Tensor, shape: Shape, p: number | Tensor): Tensor {
  return p instanceof Tensor ? less(randomUniform(key, shape), p) : apply(bernoulliOp, [key], { shape, p })[0]!
}

/** i64, uniform from `low` to below `high`. */
export const randomInt = (key: Tensor, shape: Shape, low: number, high: number): Tensor =>
  apply(randomIntOp, [key], { shape, low, high })[0]!

/** 0 … n − 1 in random order, i64. */
export const permutation = (key: Tensor, n: number): Tensor => apply(permutationOp, [key], { n })[0]!

/** f32, standard Gumbel: −log(−log u). */
export const gumbel = (key: Tensor, shape: Shape): Tensor => neg(log(neg(log(randomUniform(key, shape)))))

/** Indices along an axis, each with probability softmax(logits), i64: the largest of the logits with Gumbel noise added (Gumbel 1954). */
export function categorical(key: Tensor, logits: Tensor, axis = -1): Tensor {
  return argMax(add(logits, gumbel(key, logits.shape)), normalAxis(axis, logits.rank))
}

/** x with elements set to 0 with probability `rate` and the rest scaled by 1/(1 − rate) (Srivastava et al. 2014). The mask is made again from the key where a graph recomputes. */
export function dropout(x: Tensor, rate: number, key: Tensor): Tensor {
  if (!(rate >= 0 && rate <= 1)) throw new TensorError(`dropout: the rate is from 0 to 1, not ${rate}`)
  return rate === 0 ? x : mul(x, randomMask(key, x.shape, rate))
}
