/** A parametric elliptic equation and its reduced basis: −(a_y u′)′ = 1 on (0, 1), u = 0 at the ends, a_y = 1 + Σ_j y_j·sin(jπx)·c/j² (Kutyniok et al. 2022). */
import { applyTransposed, dot, gram, type Matrix, matrix, TheoryError } from '../algebra/matrix.ts'
import { symmetricEigen } from '../algebra/symmetric.ts'

/** a_y at x; it stays above 1 − c·π²/6 for |y_j| ≤ 1. */
export const coefficient = (y: ArrayLike<number>, x: number, c = 0.5): number => {
  let a = 1
  for (let j = 1; j <= y.length; j++) a += (c * y[j - 1]! * Math.sin(j * Math.PI * x)) / (j * j)
  return a
}

/** The solution at the n inner points i/(n + 1), by second-order finite differences; exact at the points for constant a. */
export function solveElliptic(y: ArrayLike<number>, n: number): Float64Array {
  const h = 1 / (n + 1)
  const a = (i: number) => coefficient(y, (i + 0.5) * h)
  const [diagonal, right] = [new Float64Array(n), new Float64Array(n).fill(h * h)]
  for (let i = 0; i < n; i++) {
    if (!(a(i) > 0)) throw new TheoryError(`the coefficient is ${a(i)} at ${(i + 0.5) * h}: it must be positive`)
    diagonal[i] = a(i) + a(i + 1)
  }
  // Thomas: the matrix has −a(i) beside its diagonal.
  for (let i = 1; i < n; i++) {
    const k = a(i) / diagonal[i - 1]!
    diagonal[i]! -= k * a(i)
    right[i]! += k * right[i - 1]!
  }
  for (let i = n - 1; i >= 0; i--) right[i] = (right[i]! + (i + 1 < n ? a(i + 1) * right[i + 1]! : 0)) / diagonal[i]!
  return right
}

export interface ReducedBasis {
  /** Singular values of the snapshots, the largest first. */
  readonly singularValues: Float64Array
  /** Orthonormal columns, one a row: [rank, n]. */
  readonly basis: Matrix
}

/** Proper orthogonal decomposition of snapshots (rows) by their Gram matrix; modes below 1e-7 of the first are dropped, being rounding. */
export function properOrthogonal(snapshots: Matrix): ReducedBasis {
  const { values, vectors } = symmetricEigen(gram(snapshots))
  const n = snapshots.rows
  const order = Array.from({ length: n }, (_, i) => n - 1 - i).filter(i => values[i]! > 1e-14 * values[n - 1]!)
  const rows = order.map(i => {
    const mode = applyTransposed(
      snapshots,
      Float64Array.from({ length: n }, (_, k) => vectors.data[k * n + i]!),
    )
    return mode.map(v => v / Math.sqrt(values[i]!))
  })
  return {
    singularValues: Float64Array.from(order, i => Math.sqrt(values[i]!)),
    basis: matrix(rows.length, snapshots.cols, Float64Array.from(rows.flatMap(r => [...r]))),
  }
}

/** Coefficients of u in the first `rank` modes. */
export const coordinates = ({ basis }: ReducedBasis, u: Float64Array, rank: number): Float64Array =>
  Float64Array.from({ length: rank }, (_, k) => dot(basis.data.subarray(k * basis.cols, (k + 1) * basis.cols), u))

/** Σ c_k·mode_k. */
export function reconstructed({ basis }: ReducedBasis, c: ArrayLike<number>): Float64Array {
  const out = new Float64Array(basis.cols)
  for (let k = 0; k < c.length; k++) for (let i = 0; i < out.length; i++) out[i]! += c[k]! * basis.data[k * basis.cols + i]!
  return out
}
