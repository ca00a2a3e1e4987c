/** Symmetric matrices: their eigenvalues, and roots. */
import { type Matrix, matrix, norm } from './matrix.ts'

/** Eigenvalues, ascending, and unit eigenvectors (columns) of a symmetric matrix by Jacobi rotations. */
export function symmetricEigen(a: Matrix): { readonly values: Float64Array; readonly vectors: Matrix } {
  const n = a.rows
  const m = Float64Array.from(a.data)
  const v = new Float64Array(n * n)
  for (let i = 0; i < n; i++) v[i * n + i] = 1
  const total = norm(m)
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) off += m[i * n + j]! ** 2
    if (Math.sqrt(off) <= 1e-15 * total) break
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const x = m[p * n + q]!
        if (Math.abs(x) <= 1e-300) continue
        const theta = (m[q * n + q]! - m[p * n + p]!) / (2 * x)
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        const s = t * c
        for (let k = 0; k < n; k++) {
          const [kp, kq] = [m[k * n + p]!, m[k * n + q]!]
          m[k * n + p] = c * kp - s * kq
          m[k * n + q] = s * kp + c * kq
        }
        for (let k = 0; k < n; k++) {
          const [pk, qk] = [m[p * n + k]!, m[q * n + k]!]
          m[p * n + k] = c * pk - s * qk
          m[q * n + k] = s * pk + c * qk
          const [vp, vq] = [v[k * n + p]!, v[k * n + q]!]
          v[k * n + p] = c * vp - s * vq
          v[k * n + q] = s * vp + c * vq
        }
      }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => m[i * n + i]! - m[j * n + j]!)
  const vectors = matrix(n, n)
  order.forEach((from, to) => {
    for (let k = 0; k < n; k++) vectors.data[k * n + to] = v[k * n + from]!
  })
  return { values: Float64Array.from(order, i => m[i * n + i]!), vectors }
}

/** A^½ of a positive semi-definite A; eigenvalues that rounding made negative count as 0. */
export function squareRoot(a: Matrix): Matrix {
  const { values, vectors } = symmetricEigen(a)
  const d = a.rows
  const out = matrix(d, d)
  values.forEach((value, k) => {
    const root = Math.sqrt(Math.max(0, value))
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) out.data[i * d + j]! += root * vectors.data[i * d + k]! * vectors.data[j * d + k]!
  })
  return out
}
