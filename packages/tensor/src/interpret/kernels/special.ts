/** Special functions in double precision. */

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI)

/**
 * Gauss's error function, to about 1e-15: its series near 0 (Abramowitz & Stegun 7.1.6) and the continued fraction of its complement further out (7.1.14).
 */
export function erf(x: number): number {
  const a = Math.abs(x)
  if (Number.isNaN(a)) return x
  return Math.sign(x) * (a < 2.5 ? series(a) : 1 - tail(a))
}

/** Φ(x), the normal distribution function, with small relative error in both tails. */
export function normalCdf(x: number): number {
  const a = Math.abs(x) / Math.SQRT2
  const upper = a < 2.5 ? (1 - series(a)) / 2 : tail(a) / 2
  return x < 0 ? upper : 1 - upper
}

/** φ(x), the normal density. */
export const normalDensity = (x: number): number => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)

/** erf(a) for 0 ≤ a < 2.5. */
function series(a: number): number {
  let term = a
  let total = a
  for (let n = 1; Math.abs(term) > 1e-17 * total; n++) {
    term *= (2 * a * a) / (2 * n + 1)
    total += term
  }
  return TWO_OVER_ROOT_PI * Math.exp(-a * a) * total
}

/** erfc(a) = e^(−a²)/√π · 1/(a + (1/2)/(a + 1/(a + (3/2)/(a + …)))) for a ≥ 2.5. */
function tail(a: number): number {
  if (a > 40) return 0
  let f = a
  for (let n = 80; n >= 1; n--) f = a + n / 2 / f
  return Math.exp(-a * a) / (Math.sqrt(Math.PI) * f)
}
