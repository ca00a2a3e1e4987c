/** Double descent in closed form: the risk of least squares of least norm as the number of features passes the number of samples (Hastie et al. 2022). */
import type { Key } from '@dioramic/tensor'
import { leastSquares, matrix, norm } from '../algebra/matrix.ts'
import { normals } from '../algebra/random.ts'

export interface LinearModel {
  /** r² = ‖β‖². */
  readonly signal: number
  /** σ², the variance of the noise on y. */
  readonly noise: number
}

/** E‖β̂ − β‖² in the limit p/n → γ for isotropic features; infinite at γ = 1 (Hastie et al., theorem 1). */
export const limitRisk = (gamma: number, { signal, noise }: LinearModel): number =>
  gamma < 1 ? (noise * gamma) / (1 - gamma) : signal * (1 - 1 / gamma) + noise / (gamma - 1)

/** The same for n samples and p Gaussian features, exactly; infinite for |p − n| ≤ 1 (inverse Wishart moments). */
export function finiteRisk(n: number, p: number, { signal, noise }: LinearModel): number {
  if (Math.abs(p - n) <= 1) return Number.POSITIVE_INFINITY
  return p < n ? (noise * p) / (n - p - 1) : signal * (1 - n / p) + (noise * n) / (p - n - 1)
}

/** ‖β̂ − β‖² of one draw: β in a random direction, X [n, p] and noise Gaussian, β̂ the least-squares solution of least norm. */
export function sampledRisk(n: number, p: number, { signal, noise }: LinearModel, key: Key): number {
  const x = matrix(n, p, normals(key.fork('x'), n * p))
  const direction = normals(key.fork('beta'), p)
  const beta = direction.map(v => (v * Math.sqrt(signal)) / norm(direction))
  const epsilon = normals(key.fork('noise'), n)
  const y = Float64Array.from({ length: n }, (_, i) => {
    let s = Math.sqrt(noise) * epsilon[i]!
    for (let j = 0; j < p; j++) s += x.data[i * p + j]! * beta[j]!
    return s
  })
  return leastSquares(x, y).reduce((s, b, j) => s + (b - beta[j]!) ** 2, 0)
}
