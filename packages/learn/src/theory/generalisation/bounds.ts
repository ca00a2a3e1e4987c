/**
 * Bounds on the gap between the risk and what was measured on m samples, for losses in [0, 1], each with probability at least 1 − δ over the samples. They are
 * compared with the true gap; above 1 a bound says nothing ("vacuous").
 */
import { norm, TheoryError } from '../algebra/matrix.ts'
import { type ReluNet, spectralNorm } from '../expressivity/relu-net.ts'

function check(m: number, delta: number): void {
  if (!(m >= 1)) throw new TheoryError(`a bound needs at least one sample, not ${m}`)
  if (!(delta > 0 && delta < 1)) throw new TheoryError(`δ is between 0 and 1, not ${delta}`)
}

/** √(ln(2/δ)/2m): one hypothesis, chosen before the samples were seen (Hoeffding 1963). What a held-out set gives. */
export function hoeffding(m: number, delta: number): number {
  check(m, delta)
  return Math.sqrt(Math.log(2 / delta) / (2 * m))
}

/** √(ln(2|H|/δ)/2m): any hypothesis of a finite class. */
export function finiteClass(m: number, hypotheses: number, delta: number): number {
  check(m, delta)
  return Math.sqrt(Math.log((2 * hypotheses) / delta) / (2 * m))
}

/** √((8/m)(ln Π(2m) + ln(4/δ))), where Sauer's lemma bounds ln Π(2m) by h ln(2em/h) for a class of VC dimension h ≤ 2m, and 2^{2m} labellings do always (Vapnik 1998). */
export function vc(m: number, h: number, delta: number): number {
  check(m, delta)
  const growth = Math.min(h < 2 * m ? h * Math.log((2 * Math.E * m) / h) : Number.POSITIVE_INFINITY, 2 * m * Math.LN2)
  return Math.sqrt((8 / m) * (growth + Math.log(4 / delta)))
}

/** W·L·log₂ W, the order of the VC dimension of ReLU networks with W parameters in L layers, constants left out (Bartlett et al. 2019). */
export const vcDimensionOrder = (parameters: number, layers: number): number => parameters * layers * Math.log2(parameters)

/** 2R + 3√(ln(2/δ)/2m): from the empirical Rademacher complexity R of the losses (Bartlett & Mendelson 2002). */
export function rademacher(m: number, complexity: number, delta: number): number {
  check(m, delta)
  return 2 * complexity + 3 * Math.sqrt(Math.log(2 / delta) / (2 * m))
}

/** B·R/√m: linear functions of norm at most B on samples of norm at most R. */
export const linearBallComplexity = (m: number, weight: number, radius: number): number => (weight * radius) / Math.sqrt(m)

/** R(√(2d·ln 2) + 1)·Π‖W_l‖_F/√m: networks of d layers with these Frobenius norms (Golowich, Rakhlin & Shamir 2018, theorem 1). */
export const frobeniusComplexity = (m: number, radius: number, frobenius: readonly number[]): number =>
  (radius * (Math.sqrt(2 * frobenius.length * Math.LN2) + 1) * frobenius.reduce((a, b) => a * b, 1)) / Math.sqrt(m)

/**
 * ‖X‖_F·Π‖A_l‖·(Σ(‖A_lᵀ − M_lᵀ‖_{2,1}/‖A_l‖)^{2/3})^{3/2}/(γm), the spectrally normalised margin complexity, constants and logarithms left out (Bartlett, Foster &
 * Telgarsky 2017). M is the network at initialisation, or 0 if it is not given.
 */
export function spectralComplexity(net: ReluNet, dataNorm: number, margin: number, m: number, initial?: ReluNet): number {
  let lipschitz = 1
  let sum = 0
  net.forEach(({ w }, l) => {
    const spectral = spectralNorm(w)
    let rows = 0
    for (let i = 0; i < w.rows; i++) {
      const row = w.data.slice(i * w.cols, (i + 1) * w.cols)
      if (initial) for (let j = 0; j < w.cols; j++) row[j]! -= initial[l]!.w.data[i * w.cols + j]!
      rows += norm(row)
    }
    lipschitz *= spectral
    sum += Math.cbrt((rows / spectral) ** 2)
  })
  return (dataNorm * lipschitz * sum ** 1.5) / (margin * m)
}

/** √((KL + ln(2√m/δ))/2m): mean risk under a posterior at divergence KL from a prior that does not depend on the samples (McAllester 2003; Maurer 2004). */
export function pacBayes(m: number, kl: number, delta: number): number {
  check(m, delta)
  return Math.sqrt((kl + Math.log((2 * Math.sqrt(m)) / delta)) / (2 * m))
}

/** kl(q‖p) of two coins. */
export function binaryKl(q: number, p: number): number {
  const term = (a: number, b: number) => (a === 0 ? 0 : a * Math.log(a / b))
  return term(q, p) + term(1 - q, 1 - p)
}

/**
 * The largest p with kl(q‖p) ≤ (KL + ln(2√m/δ))/m: the bound on the risk itself from the posterior's error q (Seeger 2002; Maurer 2004), never worse than q + `pacBayes`.
 */
export function pacBayesKl(q: number, m: number, kl: number, delta: number): number {
  check(m, delta)
  return klInverse(q, (kl + Math.log((2 * Math.sqrt(m)) / delta)) / m)
}

/** The largest p with kl(q‖p) ≤ c, by bisection. */
export function klInverse(q: number, c: number): number {
  let [low, high] = [q, 1]
  for (let i = 0; i < 80; i++) {
    const p = (low + high) / 2
    if (binaryKl(q, p) > c) high = p
    else low = p
  }
  return low
}

/** KL(N(μ, s²I) ‖ N(μ₀, s₀²I)) = ½(d(s²/s₀² − 1 − ln(s²/s₀²)) + ‖μ − μ₀‖²/s₀²). */
export function gaussianKl(dimensions: number, squaredDistance: number, s: number, s0: number): number {
  const ratio = (s / s0) ** 2
  return 0.5 * (dimensions * (ratio - 1 - Math.log(ratio)) + squaredDistance / (s0 * s0))
}
