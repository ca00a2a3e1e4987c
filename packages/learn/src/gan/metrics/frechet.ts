import { matrix, product } from '../../theory/algebra/matrix.ts'
import { squareRoot, symmetricEigen } from '../../theory/algebra/symmetric.ts'
import { checkedSets, type Rows } from './rows.ts'

/** Mean [d] and covariance [d·d] of rows. */
export interface Moments {
  readonly mean: Float64Array
  readonly covariance: Float64Array
}

/** Mean and unbiased covariance. */
export function momentsOf(rows: Rows): Moments {
  const d = rows[0]!.length
  const mean = new Float64Array(d)
  for (const r of rows) for (let i = 0; i < d; i++) mean[i]! += r[i]! / rows.length
  const covariance = new Float64Array(d * d)
  for (const r of rows)
    for (let i = 0; i < d; i++) {
      const off = (r[i]! - mean[i]!) / (rows.length - 1)
      for (let j = 0; j < d; j++) covariance[i * d + j]! += off * (r[j]! - mean[j]!)
    }
  return { mean, covariance }
}

/** ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½): the squared Wasserstein-2 distance of two Gaussians. */
export function frechetOfMoments(a: Moments, b: Moments): number {
  const d = a.mean.length
  const m = (data: Float64Array) => matrix(d, d, data)
  const root = squareRoot(m(a.covariance))
  const { values } = symmetricEigen(product(product(root, m(b.covariance)), root))
  let total = 0
  for (let i = 0; i < d; i++) {
    total += (a.mean[i]! - b.mean[i]!) ** 2 + a.covariance[i * d + i]! + b.covariance[i * d + i]! - 2 * Math.sqrt(Math.max(0, values[i]!))
  }
  return total
}

/**
 * Fréchet distance of features (Heusel et al. 2017). It falls with the number of samples (its bias is of order 1/n), so only equal numbers compare; the features' net is part of the number.
 * @throws GanError for fewer than two samples
 */
export function frechetDistance(real: Rows, fake: Rows): number {
  checkedSets('Fréchet distance', real, fake, 2)
  return frechetOfMoments(momentsOf(real), momentsOf(fake))
}
