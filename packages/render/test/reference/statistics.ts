/** Tests of equality of two noisy means, for many pixels at once. */

/** ln Γ(x), x > 0 (Lanczos, g = 7). */
function logGamma(x: number): number {
  const c = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
    9.9843695780195716e-6, 1.5056327351493116e-7,
  ]
  const y = x - 1
  const t = y + 7.5
  return (
    0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(c.reduce((s, v, i) => s + v / (y + i + 1), 0.99999999999980993))
  )
}

/** Regularised incomplete beta function, by Lentz's continued fraction (Abramowitz and Stegun 26.5.8). */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x)
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x)) / a
  const tiny = 1e-300
  let c = 1
  let d = 1 / Math.max(tiny, 1 - ((a + b) * x) / (a + 1))
  let f = d
  for (let m = 1; m < 500; m++) {
    for (const n of [(m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)), (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))]) {
      d = 1 / (1 + n * d || tiny)
      c = 1 + n / c || tiny
      f *= c * d
    }
    if (Math.abs(c * d - 1) < 1e-14) break
  }
  return front * f
}

/** Chance that |T| ≥ |t| for Student's T with `dof` degrees of freedom. */
export const studentTwoSided = (t: number, dof: number): number => incompleteBeta(dof / 2, 0.5, dof / (dof + t * t))

/** Level of each of `n` independent tests that together err with probability `alpha` (Šidák 1967). */
export const sidak = (alpha: number, n: number): number => -Math.expm1(Math.log1p(-alpha) / n)

export interface Mean {
  readonly mean: number
  /** Of the mean. */
  readonly variance: number
  readonly samples: number
}

/** p-value of equal means (Welch 1947), a difference up to `tolerance` (absolute) being allowed. */
export function welch(a: Mean, b: Mean, tolerance: number): number {
  const excess = Math.max(0, Math.abs(a.mean - b.mean) - tolerance)
  const sum = a.variance + b.variance
  if (excess === 0) return 1
  if (sum === 0) return 0
  const dof = (sum * sum) / ((a.variance * a.variance) / (a.samples - 1) + (b.variance * b.variance) / (b.samples - 1))
  return studentTwoSided(excess / Math.sqrt(sum), dof)
}
