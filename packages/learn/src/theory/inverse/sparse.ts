/** Linear inverse problems g = Kf + noise: Tikhonov's and sparse solutions. */
import { apply, applyTransposed, cholesky, dot, gram, type Matrix, matrix, solve, solveCholesky, TheoryError } from '../algebra/matrix.ts'
import { spectralNorm } from '../expressivity/relu-net.ts'

/** (KᵀK + αI)⁻¹Kᵀg, the minimiser of ‖Kf − g‖² + α‖f‖² (Tikhonov 1963). */
export function tikhonov(k: Matrix, g: ArrayLike<number>, alpha: number): Float64Array {
  if (!(alpha > 0)) throw new TheoryError(`Tikhonov's α is positive, not ${alpha}`)
  const normal = gram(k, true)
  for (let i = 0; i < k.cols; i++) normal.data[i * k.cols + i]! += alpha
  return solve(normal, applyTransposed(k, g))
}

/** sign(x)·max(|x| − t, 0), the proximal map of t‖·‖₁. */
export const softThreshold = (x: ArrayLike<number>, t: number): Float64Array =>
  Float64Array.from(x, v => Math.sign(v) * Math.max(Math.abs(v) - t, 0))

/** ½‖Kf − g‖² + α‖f‖₁. */
export function lassoObjective(k: Matrix, g: ArrayLike<number>, alpha: number, f: ArrayLike<number>): number {
  const r = apply(k, f).map((v, i) => v - g[i]!)
  return 0.5 * dot(r, r) + alpha * Array.from(f).reduce((s, v) => s + Math.abs(v), 0)
}

export interface IterationOptions {
  readonly alpha: number
  readonly steps: number
  /** 1/L, by default 1/‖K‖². */
  readonly rate?: number
}

/** ISTA: f ← S_{α/L}(f − Kᵀ(Kf − g)/L) from 0 (Daubechies, Defrise & De Mol 2004). Returns every iterate, the start first. */
export function ista(k: Matrix, g: ArrayLike<number>, { alpha, steps, rate = 1 / spectralNorm(k) ** 2 }: IterationOptions): Float64Array[] {
  const out = [new Float64Array(k.cols)]
  for (let t = 0; t < steps; t++) out.push(shrinkStep(k, g, out[t]!, alpha, rate))
  return out
}

function shrinkStep(k: Matrix, g: ArrayLike<number>, f: Float64Array, alpha: number, rate: number): Float64Array<ArrayBuffer> {
  const r = apply(k, f).map((v, i) => v - g[i]!)
  const back = applyTransposed(k, r)
  return softThreshold(
    f.map((v, i) => v - rate * back[i]!),
    alpha * rate,
  ) as Float64Array<ArrayBuffer>
}

/** FISTA: ISTA at extrapolated points (Beck & Teboulle 2009); objective gap O(1/t²). */
export function fista(
  k: Matrix,
  g: ArrayLike<number>,
  { alpha, steps, rate = 1 / spectralNorm(k) ** 2 }: IterationOptions,
): Float64Array[] {
  const out = [new Float64Array(k.cols)]
  let z = out[0]!
  let t = 1
  for (let i = 0; i < steps; i++) {
    const next = shrinkStep(k, g, z, alpha, rate)
    const after = (1 + Math.sqrt(1 + 4 * t * t)) / 2
    const before = out[i]!
    z = next.map((v, j) => v + ((t - 1) / after) * (v - before[j]!))
    t = after
    out.push(next)
  }
  return out
}

/**
 * The set of minimisers of ‖x‖₁ subject to one equation a·x = 1 with two unknowns, a = (1, 1 + δ): all weight goes to the larger coefficient, and at δ = 0 every
 * convex combination does. The map δ ↦ x jumps by 1 at 0, so no precision of δ decides it (Boche, Fono & Kutyniok 2022).
 */
export function basisPursuit(delta: number): readonly (readonly [number, number])[] {
  if (delta > 0) return [[0, 1 / (1 + delta)]]
  if (delta < 0) return [[1, 0]]
  return [
    [1, 0],
    [0, 1],
  ]
}

/** Convolution with a Gaussian of deviation `sigma` samples on n numbers, its tails cut at the ends: a blur to undo. */
export function gaussianBlur(n: number, sigma: number): Matrix {
  const out = matrix(n, n)
  let total = 0
  for (let d = -n; d <= n; d++) total += Math.exp(-0.5 * (d / sigma) ** 2)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out.data[i * n + j] = Math.exp(-0.5 * ((i - j) / sigma) ** 2) / total
  return out
}

/** First differences of n numbers, [n − 1, n]. */
export function differences(n: number): Matrix {
  const out = matrix(n - 1, n)
  for (let i = 0; i + 1 < n; i++) {
    out.data[i * n + i] = -1
    out.data[i * n + i + 1] = 1
  }
  return out
}

/**
 * Total variation in one dimension: min ½‖Kf − g‖² + α‖Df‖₁ by ADMM on z = Df (Rudin, Osher & Fatemi 1992; Boyd et al. 2011). ρ = `penalty`.
 */
export function totalVariation(
  k: Matrix,
  g: ArrayLike<number>,
  { alpha, steps, penalty = 1 }: { readonly alpha: number; readonly steps: number; readonly penalty?: number },
): Float64Array {
  const n = k.cols
  const d = differences(n)
  const a = gram(k, true)
  gram(d, true).data.forEach((v, i) => {
    a.data[i]! += penalty * v
  })
  const factor = cholesky(a)
  const kg = applyTransposed(k, g)
  let [z, u] = [new Float64Array(n - 1), new Float64Array(n - 1)]
  let f = new Float64Array(n)
  for (let t = 0; t < steps; t++) {
    const back = applyTransposed(
      d,
      z.map((v, i) => v - u[i]!),
    )
    f = solveCholesky(
      factor,
      kg.map((v, i) => v + penalty * back[i]!),
    ) as Float64Array<ArrayBuffer>
    const df = apply(d, f)
    z = softThreshold(
      df.map((v, i) => v + u[i]!),
      alpha / penalty,
    ) as Float64Array<ArrayBuffer>
    u = u.map((v, i) => v + df[i]! - z[i]!)
  }
  return f
}
