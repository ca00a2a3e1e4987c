/**
 * Rate–distortion explanation: the fewest numbers of x that must be kept so that the score stays what it is when the others are drawn at random
 * (Macdonald, Wäldchen, Hauch & Kutyniok 2019). D(S) = ½E(Φ(x) − Φ(y))², y = x on S and drawn from V elsewhere; R(ε) = min{|S|: D(S) ≤ ε}.
 */
import { matrix, TheoryError } from '../algebra/matrix.ts'
import { affine, type ReluNet } from '../expressivity/relu-net.ts'
import { gradientsOf, type Inputs, type Score } from './score.ts'

/** D(S) of a linear score w·x exactly: ½((Σ_{i ∉ S} w_i(x_i − μ_i))² + Σ_{i ∉ S} w_i²σ_i²), V with independent components. */
export function linearDistortion(
  w: ArrayLike<number>,
  x: ArrayLike<number>,
  mean: ArrayLike<number>,
  variance: ArrayLike<number>,
  kept: ReadonlySet<number>,
): number {
  let [bias, spread] = [0, 0]
  for (let i = 0; i < w.length; i++) {
    if (kept.has(i)) continue
    bias += w[i]! * (x[i]! - mean[i]!)
    spread += w[i]! * w[i]! * variance[i]!
  }
  return 0.5 * (bias * bias + spread)
}

/** D(S) by draws from V. */
export async function distortion(score: Score, x: Float64Array, kept: ReadonlySet<number>, draws: Inputs): Promise<number> {
  const values = await score.values([x, ...draws.map(n => x.map((v, i) => (kept.has(i) ? v : n[i]!)))])
  let s = 0
  for (let k = 1; k < values.length; k++) s += (values[0]! - values[k]!) ** 2
  return s / (2 * draws.length)
}

/** The smallest sets with D(S) ≤ ε, over all sets in order of size. `D` is asked for up to 2^d sets: small d only. */
export async function smallestSets(
  d: number,
  epsilon: number,
  D: (kept: ReadonlySet<number>) => number | Promise<number>,
): Promise<ReadonlySet<number>[]> {
  if (d > 20) throw new TheoryError(`a search over all sets of ${d} numbers is out of reach`)
  for (let size = 0; size <= d; size++) {
    const found: ReadonlySet<number>[] = []
    for (const set of subsets(d, size)) if ((await D(set)) <= epsilon) found.push(set)
    if (found.length > 0) return found
  }
  return []
}

/** All sets of `size` of 0 … d − 1. */
export function* subsets(d: number, size: number, from = 0): Generator<Set<number>> {
  if (size === 0) yield new Set()
  else for (let i = from; i + size <= d; i++) for (const rest of subsets(d, size - 1, i + 1)) yield new Set([i, ...rest])
}

export interface Relaxed {
  /** Relevance of each number, in [0, 1]. */
  readonly s: Float64Array
  /** D(s) + λ·mean(s) after each step. */
  readonly history: readonly number[]
}

export interface RelaxedOptions {
  /** Weight of the rate; it multiplies the mean of s, as in the authors' code, so it does not grow with d. */
  readonly lambda: number
  readonly steps?: number
  readonly rate?: number
}

/**
 * The relaxed problem, min over s ∈ [0, 1]^d of ½E(Φ(x) − Φ(s⊙x + (1 − s)⊙n))² + λ·mean(s), by projected gradient with Adam's steps over fixed draws n from V, started at
 * s = ½. The order of s is the explanation.
 */
export async function relaxedExplanation(
  score: Score,
  x: Float64Array,
  draws: Inputs,
  { lambda, steps = 200, rate = 0.05 }: RelaxedOptions,
): Promise<Relaxed> {
  const d = x.length
  const s = new Float64Array(d).fill(0.5)
  const [m, v] = [new Float64Array(d), new Float64Array(d)]
  const history: number[] = []
  const target = (await score.values([x]))[0]!
  for (let t = 1; t <= steps; t++) {
    const at = await gradientsOf(
      score,
      draws.map(n => n.map((b, i) => s[i]! * x[i]! + (1 - s[i]!) * b)),
    )
    const g = new Float64Array(d).fill(lambda / d)
    let objective = (lambda * s.reduce((a, b) => a + b, 0)) / d
    at.forEach(({ value, gradient }, k) => {
      const off = value - target
      objective += off ** 2 / (2 * draws.length)
      for (let i = 0; i < d; i++) g[i]! += (off * gradient[i]! * (x[i]! - draws[k]![i]!)) / draws.length
    })
    history.push(objective)
    // The rate falls to a tenth, so that the last steps settle.
    const step = rate * (1 - (0.9 * t) / steps)
    for (let i = 0; i < d; i++) {
      m[i] = 0.9 * m[i]! + 0.1 * g[i]!
      v[i] = 0.999 * v[i]! + 0.001 * g[i]! ** 2
      const next = s[i]! - (step * (m[i]! / (1 - 0.9 ** t))) / (Math.sqrt(v[i]! / (1 - 0.999 ** t)) + 1e-12)
      s[i] = Math.max(0, Math.min(1, next))
    }
  }
  return { s, history }
}

/** Variance of a score over draws from V, the scale of its distortions: half of it is about D(∅). */
export async function scoreVariance(score: Score, draws: Inputs): Promise<number> {
  const v = await score.values(draws)
  const m = v.reduce((a, b) => a + b, 0) / v.length
  return v.reduce((a, b) => a + (b - m) ** 2, 0) / v.length
}

/**
 * The mean of the relaxed explanations for several weights of the rate (in units of the score's variance): where one weight puts many numbers at exactly 0 or 1, the
 * others order them.
 */
export async function explanationPath(
  score: Score,
  x: Float64Array,
  draws: Inputs,
  { weights = [0.2, 1, 4], steps = 50 }: { readonly weights?: readonly number[]; readonly steps?: number } = {},
): Promise<Float64Array> {
  const unit = Math.max(1e-12, await scoreVariance(score, draws))
  const out = new Float64Array(x.length)
  for (const w of weights) {
    const { s } = await relaxedExplanation(score, x, draws, { lambda: w * unit, steps, rate: 0.1 })
    for (let i = 0; i < out.length; i++) out[i]! += s[i]! / weights.length
  }
  return out
}

export interface Gaussian {
  readonly mean: Float64Array
  readonly variance: Float64Array
}

/** Mean and variance of ρ(z), z normal: μΦ(μ/σ) + σφ(μ/σ), and (μ² + σ²)Φ(μ/σ) + μσφ(μ/σ) less the mean squared. */
export function reluMoments(mean: number, variance: number): readonly [mean: number, variance: number] {
  if (variance <= 0) return [Math.max(0, mean), 0]
  const sigma = Math.sqrt(variance)
  const u = mean / sigma
  const phi = Math.exp(-0.5 * u * u) / Math.sqrt(2 * Math.PI)
  const Phi = 0.5 * erfc(-u / Math.SQRT2)
  const first = mean * Phi + sigma * phi
  return [first, Math.max(0, (mean * mean + variance) * Phi + mean * sigma * phi - first * first)]
}

/** 1 − erf x: continued fraction for large |x|, Taylor's series for small; error below 1e-13. */
function erfc(x: number): number {
  const z = Math.abs(x)
  let tail: number
  if (z < 2.5) {
    let [term, sum] = [z, z]
    for (let n = 1; n < 80; n++) {
      term *= (-z * z) / n
      sum += term / (2 * n + 1)
    }
    tail = 1 - (2 / Math.sqrt(Math.PI)) * sum
  } else {
    let f = z
    for (let k = 60; k > 0; k--) f = z + k / 2 / f
    tail = Math.exp(-z * z) / (Math.sqrt(Math.PI) * f)
  }
  return x < 0 ? 2 - tail : tail
}

/** Mean and variance of a network's outputs for Gaussian inputs by assumed density filtering with diagonal covariances: exact through one affine map, and through one ReLU of independent units. */
export function filteredMoments(net: ReluNet, { mean, variance }: Gaussian): Gaussian {
  let [mu, va]: [Float64Array, Float64Array] = [mean, variance]
  net.forEach((layer, l) => {
    const square = matrix(
      layer.w.rows,
      layer.w.cols,
      layer.w.data.map(v => v * v),
    )
    const [m, v] = [affine(layer, mu), affine({ w: square, b: new Float64Array(layer.b.length) }, va)]
    if (l + 1 === net.length) [mu, va] = [m, v]
    else {
      const moments = Array.from(m, (a, i) => reluMoments(a, v[i]!))
      mu = Float64Array.from(moments, a => a[0])
      va = Float64Array.from(moments, a => a[1])
    }
  })
  return { mean: mu, variance: va }
}
