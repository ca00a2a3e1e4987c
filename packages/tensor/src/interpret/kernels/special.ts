/** Special functions in double precision. */

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI)

/**
 * Gauss's error function, to about 1e-15: its series near 0 (Abramowitz & Stegun 7.1.6) and the continued fraction of its complement further out (7.1.14), by Lentz's method.
 */
export function erf(x: number): number {
  const a = Math.abs(x)
  if (Number.isNaN(a)) return x
  if (a > 6) return Math.sign(x)
  if (a < 2.5) {
    let term = a
    let total = a
    for (let n = 1; Math.abs(term) > 1e-17 * total; n++) {
      term *= (2 * a * a) / (2 * n + 1)
      total += term
    }
    return Math.sign(x) * TWO_OVER_ROOT_PI * Math.exp(-a * a) * total
  }
  // erfc(a) = e^(-a²)/√π · 1/(a + (1/2)/(a + 1/(a + (3/2)/(a + …))))
  let f = a
  for (let n = 80; n >= 1; n--) f = a + n / 2 / f
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * f))
}
