/** Neural collapse: what the last layer's features and weights become when training goes on after the error is zero (Papyan, Han & Donoho 2020). */
import { cholesky, type Matrix, matrix, norm, solveCholesky, TheoryError } from '../algebra/matrix.ts'
import { argMaxOf } from '../generalisation/calibration.ts'

export interface Collapse {
  /** tr(Σ_W Σ_B⁺)/K: variation within classes against that between them. */
  readonly nc1: number
  /** Standard deviation over mean of the centred class means' norms. */
  readonly equinorm: number
  /** Mean cosine between different centred class means; −1/(K − 1) at collapse. */
  readonly cosine: number
  /** Standard deviation of those cosines. */
  readonly cosineSpread: number
  /** ‖Wᵀ/‖W‖ − M/‖M‖‖_F: weights against means. */
  readonly nc3: number
  /** Share of samples on which the network and the nearest class mean disagree. */
  readonly nc4: number
}

/**
 * Measures collapse. `features` [n, d] are what the last linear layer takes; `weights` [K, d] are its rows, `logits` [n, K] its outputs.
 * Σ_B⁺ is taken on the span of the centred means, which has K − 1 dimensions.
 */
export function collapseOf(features: Matrix, labels: ArrayLike<number>, weights: Matrix, logits: Matrix): Collapse {
  const [n, d, classes] = [features.rows, features.cols, weights.rows]
  if (labels.length !== n || logits.rows !== n || weights.cols !== d)
    throw new TheoryError(
      `collapse: ${n} × ${d} features, ${labels.length} labels, ${weights.rows} × ${weights.cols} weights, ${logits.rows} rows of logits`,
    )
  const counts = new Float64Array(classes)
  const means = matrix(classes, d)
  const row = (a: Matrix, i: number) => a.data.subarray(i * a.cols, (i + 1) * a.cols)
  for (let i = 0; i < n; i++) {
    counts[labels[i]!]!++
    const to = row(means, labels[i]!)
    row(features, i).forEach((v, k) => {
      to[k]! += v
    })
  }
  if (counts.some(c => c === 0)) throw new TheoryError('collapse: a class has no samples')
  const all = new Float64Array(d)
  for (let c = 0; c < classes; c++) {
    const mean = row(means, c)
    for (let k = 0; k < d; k++) all[k]! += (mean[k]! /= counts[c]!) / classes
  }
  const centred = matrix(
    classes,
    d,
    means.data.map((v, i) => v - all[i % d]!),
  )

  // tr(Σ_W Σ_B⁺): with Σ_B = CᵀC/K, C the centred means, Σ_B⁺ = K·Cᵀ(CCᵀ)⁺²C; on the K − 1 first rows of a basis of C's span by Gram–Schmidt.
  const basis: Float64Array[] = []
  for (let c = 0; c < classes; c++) {
    const v = Float64Array.from(row(centred, c))
    for (const b of basis) {
      const k = v.reduce((s, x, i) => s + x * b[i]!, 0)
      for (let i = 0; i < d; i++) v[i]! -= k * b[i]!
    }
    const size = norm(v)
    if (size > 1e-6 * norm(row(centred, c))) basis.push(v.map(x => x / size))
  }
  const r = basis.length
  const project = (v: ArrayLike<number>) => basis.map(b => b.reduce((s, x, i) => s + x * v[i]!, 0))
  const between = matrix(r, r)
  for (let c = 0; c < classes; c++) {
    const p = project(row(centred, c))
    for (let i = 0; i < r; i++) for (let j = 0; j < r; j++) between.data[i * r + j]! += (p[i]! * p[j]!) / classes
  }
  const factor = cholesky(between)
  let trace = 0
  for (let i = 0; i < n; i++) {
    const mean = row(means, labels[i]!)
    const p = project(row(features, i).map((v, k) => v - mean[k]!))
    trace += solveCholesky(factor, p).reduce((s, v, k) => s + v * p[k]!, 0) / n
  }

  const sizes = Array.from({ length: classes }, (_, c) => norm(row(centred, c)))
  const cosines: number[] = []
  for (let a = 0; a < classes; a++)
    for (let b = 0; b < a; b++) cosines.push(row(centred, a).reduce((s, v, k) => s + v * row(centred, b)[k]!, 0) / (sizes[a]! * sizes[b]!))
  const average = (x: readonly number[]) => x.reduce((s, v) => s + v, 0) / x.length
  const spread = (x: readonly number[]) => Math.sqrt(average(x.map(v => (v - average(x)) ** 2)))

  const [wn, mn] = [norm(weights.data), norm(centred.data)]
  const nc3 = norm(weights.data.map((v, i) => v / wn - centred.data[i]! / mn))
  let disagree = 0
  for (let i = 0; i < n; i++) {
    const distances = Array.from({ length: classes }, (_, c) => -row(features, i).reduce((s, v, k) => s + (v - row(means, c)[k]!) ** 2, 0))
    if (argMaxOf(distances) !== argMaxOf(row(logits, i))) disagree++
  }
  return {
    nc1: trace / classes,
    equinorm: spread(sizes) / average(sizes),
    cosine: average(cosines),
    cosineSpread: spread(cosines),
    nc3,
    nc4: disagree / n,
  }
}

/** The K vertices of a simplex equiangular tight frame in R^K: √(K/(K−1))(I − 11ᵀ/K); equal norms 1, cosines −1/(K − 1). */
export const simplexFrame = (classes: number): Matrix => {
  const k = Math.sqrt(classes / (classes - 1))
  return matrix(
    classes,
    classes,
    Float64Array.from({ length: classes * classes }, (_, i) => k * ((i % (classes + 1) === 0 ? 1 : 0) - 1 / classes)),
  )
}
