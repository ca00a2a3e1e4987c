/** The neural tangent kernel: in closed form for infinite ReLU networks, and as it is for two-layer ones of any width (Jacot et al. 2018). */
import type { Key } from '@dioramic/tensor'
import { type Matrix, matrix, norm } from '../algebra/matrix.ts'
import { normals } from '../algebra/random.ts'

const clamp = (u: number): number => Math.max(-1, Math.min(1, u))

/** κ₀(u) = (π − arccos u)/π, the arc-cosine kernel of the step (Cho & Saul 2009); u is the cosine of the angle. */
export const kappa0 = (u: number): number => (Math.PI - Math.acos(clamp(u))) / Math.PI

/** κ₁(u) = (u(π − arccos u) + √(1 − u²))/π, that of ReLU, with κ₁(1) = 1. */
export function kappa1(u: number): number {
  const v = clamp(u)
  return (v * (Math.PI - Math.acos(v)) + Math.sqrt(1 - v * v)) / Math.PI
}

/**
 * Θ of `layers` hidden ReLU layers, all trained, at two unit vectors of cosine u, in the scale that keeps the variance (c = 2): Σ ← κ₁(Σ), Θ ← Θ·κ₀(Σ) + κ₁(Σ).
 * One layer: κ₁(u) + u·κ₀(u).
 */
export function tangentKernel(u: number, layers = 1): number {
  let sigma = clamp(u)
  let theta = sigma
  for (let l = 0; l < layers; l++) {
    theta = theta * kappa0(sigma) + kappa1(sigma)
    sigma = kappa1(sigma)
  }
  return theta
}

/** H^∞ = u·κ₀(u)/2: the kernel when only the hidden layer is trained, without the factor c = 2 (Du et al. 2019). */
export const hiddenKernel = (u: number): number => (clamp(u) * kappa0(u)) / 2

/** A two-layer ReLU network in the kernel's scale: f(x) = √(2/m)·Σ a_j ρ(w_j·x), all numbers standard normal. */
export interface TwoLayer {
  readonly w: Matrix
  readonly a: Float64Array
}

export const twoLayer = (width: number, inputs: number, key: Key): TwoLayer => ({
  w: matrix(width, inputs, normals(key.fork('w'), width * inputs)),
  a: normals(key.fork('a'), width),
})

function preactivations({ w }: TwoLayer, x: Matrix): Float64Array {
  const out = new Float64Array(x.rows * w.rows)
  for (let i = 0; i < x.rows; i++)
    for (let j = 0; j < w.rows; j++) {
      let s = 0
      for (let k = 0; k < w.cols; k++) s += x.data[i * w.cols + k]! * w.data[j * w.cols + k]!
      out[i * w.rows + j] = s
    }
  return out
}

/** Θ(x_i, x_j) = ⟨∂f(x_i), ∂f(x_j)⟩ over both layers, for the rows of x. */
export function empiricalKernel(net: TwoLayer, x: Matrix): Matrix {
  const m = net.w.rows
  const z = preactivations(net, x)
  const out = matrix(x.rows, x.rows)
  for (let i = 0; i < x.rows; i++)
    for (let j = 0; j <= i; j++) {
      let inner = 0
      for (let k = 0; k < x.cols; k++) inner += x.data[i * x.cols + k]! * x.data[j * x.cols + k]!
      let s = 0
      for (let k = 0; k < m; k++) {
        const [p, q] = [z[i * m + k]!, z[j * m + k]!]
        if (p > 0 && q > 0) s += p * q + net.a[k]! * net.a[k]! * inner
      }
      out.data[i * x.rows + j] = out.data[j * x.rows + i] = (2 * s) / m
    }
  return out
}

/** The infinite-width kernel of one hidden layer at rows of any length: |x||x'|·(κ₁ + uκ₀). */
export function limitKernel(x: Matrix, layers = 1): Matrix {
  const rows = Array.from({ length: x.rows }, (_, i) => x.data.subarray(i * x.cols, (i + 1) * x.cols))
  const sizes = rows.map(norm)
  return matrix(
    x.rows,
    x.rows,
    rows.flatMap((a, i) =>
      rows.map((b, j) => {
        const u = a.reduce((s, v, k) => s + v * b[k]!, 0) / (sizes[i]! * sizes[j]!)
        return sizes[i]! * sizes[j]! * tangentKernel(u, layers)
      }),
    ),
  )
}

/** One step of gradient descent on ½Σ(f(x_i) − y_i)², in place. Returns the residuals before it. */
export function descend(net: TwoLayer, x: Matrix, y: ArrayLike<number>, rate: number): Float64Array {
  const { w, a } = net
  const m = w.rows
  const z = preactivations(net, x)
  const scale = Math.sqrt(2 / m)
  const residual = new Float64Array(x.rows)
  for (let i = 0; i < x.rows; i++) {
    let f = 0
    for (let k = 0; k < m; k++) if (z[i * m + k]! > 0) f += a[k]! * z[i * m + k]!
    residual[i] = scale * f - y[i]!
  }
  for (let k = 0; k < m; k++) {
    let da = 0
    const dw = new Float64Array(w.cols)
    for (let i = 0; i < x.rows; i++) {
      const p = z[i * m + k]!
      if (p <= 0) continue
      const r = residual[i]! * scale
      da += r * p
      for (let c = 0; c < w.cols; c++) dw[c]! += r * a[k]! * x.data[i * w.cols + c]!
    }
    a[k]! -= rate * da
    for (let c = 0; c < w.cols; c++) w.data[k * w.cols + c]! -= rate * dw[c]!
  }
  return residual
}
