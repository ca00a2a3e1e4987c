/** Numbers of electrons: exact draws of the Poisson and normal distributions by uniforms, the same everywhere. */
import { portable } from '@dioramic/scene'

/** Gives the next uniform in [0, 1). */
export type Uniform = () => number

/** Below it the distribution is inverted, from it on rejection is faster. */
const SMALL = 10
/** Up to which means counts are drawn; beyond, a normal differs from Poisson by less than doubles tell. */
const LARGE = 1e9

/** A Poisson count of mean λ ≥ 0: inversion, or Hörmann's transformed rejection (PTRS; "The transformed rejection method for generating Poisson random variables", 1993). */
export function poisson(mean: number, uniform: Uniform): number {
  if (mean < SMALL) return inverted(mean, uniform())
  if (!(mean <= LARGE)) return mean + Math.sqrt(mean) * normal(uniform)
  const b = 0.931 + 2.53 * Math.sqrt(mean)
  const a = -0.059 + 0.02483 * b
  const accept = 0.9277 - 3.6224 / (b - 2)
  const scale = portable.log(1.1239 + 1.1328 / (b - 3.4))
  const logMean = portable.log(mean)
  for (;;) {
    const u = uniform() - 0.5
    const v = uniform()
    const side = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / side + b) * u + mean + 0.43)
    if (side >= 0.07 && v <= accept) return k
    if (k < 0 || (side < 0.013 && v > side)) continue
    if (portable.log(v) + scale - portable.log(a / (side * side) + b) <= k * logMean - mean - logFactorial(k)) return k
  }
}

function inverted(mean: number, u: number): number {
  let p = portable.exp(-mean)
  let sum = p
  let k = 0
  // The tail past 60 has less than a double's share of 1 at means below 10.
  while (u >= sum && k < 60) {
    k++
    p *= mean / k
    sum += p
  }
  return k
}

const SUMS = [0, 0]
for (let k = 2; k < 10; k++) SUMS.push(SUMS[k - 1]! + portable.log(k))

/** ln k!, by Stirling's series from 10 on: off by less than 1e-10. */
function logFactorial(k: number): number {
  if (k < SUMS.length) return SUMS[k]!
  const x = 1 / (k + 1)
  const n = k + 1
  return (n - 0.5) * portable.log(n) - n + 0.9189385332046727 + x * (1 / 12 - x * x * (1 / 360 - (x * x) / 1260))
}

/** Mean 0, deviation 1 (Box–Muller). */
export function normal(uniform: Uniform): number {
  const radius = Math.sqrt(-2 * portable.log(1 - uniform()))
  return radius * portable.cos(2 * Math.PI * uniform())
}
