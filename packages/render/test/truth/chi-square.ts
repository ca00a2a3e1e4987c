/** Pearson's χ² test of goodness of fit. */

/** ln Γ(x), x > 0: Stirling's series after lifting x above 8; 1e-12. */
export function logGamma(x: number): number {
  let shift = 0
  let y = x
  while (y < 8) shift -= Math.log(y++)
  const s = 1 / (y * y)
  return shift + (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s / 1680))) / y
}

/** Regularised upper incomplete gamma function Q(a, x): series below a + 1, Lentz's continued fraction above (Numerical Recipes 6.2). */
export function gammaQ(a: number, x: number): number {
  if (x <= 0) return 1
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (x < a + 1) {
    let term = 1 / a
    let sum = term
    for (let n = 1; n < 10_000 && term > sum * 1e-16; n++) sum += term *= x / (a + n)
    return 1 - front * sum
  }
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let h = d
  for (let i = 1; i < 10_000; i++) {
    const an = -i * (i - a)
    b += 2
    d = 1 / (an * d + b || 1e-300)
    c = b + an / c || 1e-300
    h *= c * d
    if (Math.abs(c * d - 1) < 1e-15) break
  }
  return front * h
}

/** Least expected count of a cell; poorer cells are pooled. */
const LEAST = 8

/**
 * p-value of counts that should be distributed as `expected`, which is scaled to the counts' sum.
 */
export function chiSquare(observed: ArrayLike<number>, expected: ArrayLike<number>): number {
  let counts = 0
  let total = 0
  for (let i = 0; i < observed.length; i++) {
    counts += observed[i]!
    total += expected[i]!
  }
  const order = Array.from({ length: observed.length }, (_, i) => i).sort((a, b) => expected[a]! - expected[b]!)
  let statistic = 0
  let cells = 0
  let o = 0
  let e = 0
  for (const i of order) {
    o += observed[i]!
    e += (expected[i]! / total) * counts
    if (e < LEAST) continue
    statistic += ((o - e) * (o - e)) / e
    cells++
    o = 0
    e = 0
  }
  if (cells < 2) throw new Error(`${counts} counts fill ${cells} cells; that is no test.`)
  return gammaQ((cells - 1) / 2, statistic / 2)
}
