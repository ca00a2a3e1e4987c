/** Losses. All are finite with finite gradients for finite arguments, however large. */
import { ShapeError } from '../error.ts'
import { normalAxis, sameShape } from '../graph/shape.ts'
import type { Tensor } from '../graph/tensor.ts'
import { constant } from './constant.ts'
import { abs, add, cast, div, equal, exp, less, maximum, mul, neg, not, softplus, sub, where } from './elementwise.ts'
import { takeAlongAxis } from './gather.ts'
import { mean, sum } from './reduce.ts'
import { broadcastTo, expandDims, squeeze } from './shape.ts'
import { logSoftmax } from './softmax.ts'

export interface Reduction {
  /** A factor for each term, or a bool mask; a mean is divided by their sum (and is 0 where that is 0). */
  readonly weights?: Tensor
  /** What becomes of the terms: their mean (default), their sum, or nothing. */
  readonly reduction?: 'mean' | 'sum' | 'none'
}

function reduceTerms(terms: Tensor, { weights, reduction = 'mean' }: Reduction): Tensor {
  if (weights === undefined) return reduction === 'mean' ? mean(terms) : reduction === 'sum' ? sum(terms) : terms
  const lead = terms.rank - weights.rank
  if (!weights.shape.every((n, i) => n === 1 || n === terms.shape[lead + i])) {
    throw new ShapeError(`weights [${weights.shape.join(',')}] do not fit terms [${terms.shape.join(',')}]`)
  }
  const w = broadcastTo(cast(weights, 'f32'), terms.shape)
  // A term without weight may be infinite: it must not be multiplied by 0.
  const weighted = mul(w, where(equal(w, 0), 0, terms))
  if (reduction === 'none') return weighted
  const total = sum(weighted)
  if (reduction === 'sum') return total
  const count = sum(w)
  return div(total, where(equal(count, 0), 1, count))
}

export interface CrossEntropyOptions extends Reduction {
  /** The axis of classes. */
  readonly axis?: number
  /** Share of the target that is spread over all classes evenly (Szegedy et al. 2016). */
  readonly labelSmoothing?: number
  /** Labels of this value count nothing. */
  readonly ignoreIndex?: number
}

/**
 * −log softmax(logits)[label]: logits [..., C, ...] f32 with classes along `axis` (the last by default), labels i64 of the shape without that axis.
 */
export function crossEntropy(
  logits: Tensor,
  labels: Tensor,
  { axis = -1, labelSmoothing = 0, ignoreIndex, weights, reduction }: CrossEntropyOptions = {},
): Tensor {
  const a = normalAxis(axis, logits.rank)
  const want = logits.shape.filter((_, i) => i !== a)
  if (labels.dtype !== 'i64' || !sameShape(labels.shape, want)) {
    throw new ShapeError(
      `crossEntropy: labels of logits [${logits.shape.join(',')}] are i64[${want.join(',')}], got ${labels.dtype}[${labels.shape.join(',')}]`,
    )
  }
  const counted = ignoreIndex === undefined ? undefined : not(equal(labels, ignoreIndex))
  const safe = counted ? where(counted, labels, 0) : labels
  const logP = logSoftmax(logits, a)
  const hit = neg(squeeze(takeAlongAxis(logP, expandDims(safe, a), a), a))
  const terms = labelSmoothing === 0 ? hit : add(mul(hit, 1 - labelSmoothing), mul(mean(logP, a), -labelSmoothing))
  const w = counted && weights ? where(counted, cast(weights, 'f32'), 0) : (counted ?? weights)
  return reduceTerms(terms, { ...(w && { weights: w }), ...(reduction && { reduction }) })
}

/** −Σ p·log softmax(logits) along the last axis, for targets that are distributions. */
export const softCrossEntropy = (logits: Tensor, targets: Tensor, options: Reduction = {}): Tensor =>
  reduceTerms(neg(sum(mul(targets, logSoftmax(logits)), -1)), options)

/** −t·log σ(x) − (1 − t)·log(1 − σ(x)) from logits x; t in [0, 1]. */
export const binaryCrossEntropy = (logits: Tensor, targets: Tensor, options: Reduction = {}): Tensor =>
  reduceTerms(sub(softplus(logits), mul(logits, targets)), options)

/** (a − b)². */
export function mse(a: Tensor, b: Tensor, options: Reduction = {}): Tensor {
  const d = sub(a, b)
  return reduceTerms(mul(d, d), options)
}

/** |a − b|. */
export const mae = (a: Tensor, b: Tensor, options: Reduction = {}): Tensor => reduceTerms(abs(sub(a, b)), options)

/** d²/2 near 0, δ·(|d| − δ/2) beyond δ, d = a − b (Huber 1964). */
export function huber(a: Tensor, b: Tensor, { delta = 1, ...options }: Reduction & { readonly delta?: number } = {}): Tensor {
  const d = sub(a, b)
  // With c = d held to ±δ both branches are c·(d − c/2), and neither overflows.
  const c = where(less(abs(d), delta), d, where(less(d, 0), constant(-delta), constant(delta)))
  return reduceTerms(mul(c, sub(d, mul(c, 0.5))), options)
}

/** Kullback–Leibler divergence Σ p·(log p − log q) along the last axis, from logarithms; p = 0 counts 0. */
export function klDivergence(logP: Tensor, logQ: Tensor, options: Reduction = {}): Tensor {
  const p = exp(logP)
  const none = equal(p, 0)
  const apart = where(none, 0, sub(where(none, 0, logP), where(none, 0, logQ)))
  return reduceTerms(sum(mul(p, apart), -1), options)
}

/** Kullback–Leibler divergence of normal distributions (mean, log variance) from the standard one, summed along the last axis (Kingma & Welling 2014). */
export const klNormal = (means: Tensor, logVariance: Tensor, options: Reduction = {}): Tensor =>
  reduceTerms(mul(sum(sub(add(exp(logVariance), mul(means, means)), add(logVariance, 1)), -1), 0.5), options)

/** max(0, margin − t·x) with targets t of ±1: the hinge loss. */
export const hinge = (scores: Tensor, targets: Tensor, { margin = 1, ...options }: Reduction & { readonly margin?: number } = {}): Tensor =>
  reduceTerms(maximum(sub(margin, mul(scores, targets)), 0), options)
