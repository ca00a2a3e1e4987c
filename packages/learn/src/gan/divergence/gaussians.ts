/** Divergences of two Gaussians on the line: closed forms where there are some, else integrals. */

export interface Gaussian {
  readonly mean: number
  readonly deviation: number
}

/** log density. */
const log = ({ mean, deviation }: Gaussian, x: number): number =>
  -(((x - mean) / deviation) ** 2) / 2 - Math.log(deviation) - Math.log(2 * Math.PI) / 2

/** ∫ f by trapezoids over ±12 deviations around both means, whose error vanishes for what falls off like a Gaussian. */
function integral(p: Gaussian, q: Gaussian, points: number, f: (logP: number, logQ: number) => number): number {
  const reach = ({ mean, deviation }: Gaussian) => [mean - 12 * deviation, mean + 12 * deviation] as const
  const [a, b] = [Math.min(reach(p)[0], reach(q)[0]), Math.max(reach(p)[1], reach(q)[1])]
  const step = (b - a) / points
  let s = 0
  for (let i = 0; i <= points; i++) {
    const x = a + i * step
    s += f(log(p, x), log(q, x)) * (i === 0 || i === points ? 0.5 : 1)
  }
  return s * step
}

/** Jensen–Shannon divergence in nats: flat at log 2 where the two are far apart. */
export const gaussianJensenShannon = (p: Gaussian, q: Gaussian, points = 40_000): number =>
  integral(p, q, points, (a, b) => {
    const top = Math.max(a, b)
    // log of the mixture
    const m = top + Math.log((Math.exp(a - top) + Math.exp(b - top)) / 2)
    return (Math.exp(a) * (a - m) + Math.exp(b) * (b - m)) / 2
  })

/** log(σ₂/σ₁) + (σ₁² + (μ₁ − μ₂)²)/2σ₂² − ½. */
export const gaussianKl = (p: Gaussian, q: Gaussian): number =>
  Math.log(q.deviation / p.deviation) + (p.deviation ** 2 + (p.mean - q.mean) ** 2) / (2 * q.deviation ** 2) - 0.5

/** Total variation, as an integral; of equal deviations it is 2Φ(|μ|/2σ) − 1. */
export const gaussianTotalVariation = (p: Gaussian, q: Gaussian, points = 40_000): number =>
  integral(p, q, points, (a, b) => Math.abs(Math.exp(a) - Math.exp(b)) / 2)

/** Squared Wasserstein-2 distance, (μ₁ − μ₂)² + (σ₁ − σ₂)²; of equal deviations W₁ is |μ₁ − μ₂|. */
export const gaussianWasserstein2 = (p: Gaussian, q: Gaussian): number => (p.mean - q.mean) ** 2 + (p.deviation - q.deviation) ** 2

/** The best discriminator between the two, p/(p + q). */
export const bestDiscriminator =
  (p: Gaussian, q: Gaussian) =>
  (x: number): number =>
    1 / (1 + Math.exp(log(q, x) - log(p, x)))
