/** Dense matrices in double precision, row by row: what the exact small cases are computed with. */

/** A refused computation: says which numbers did not do. */
export class TheoryError extends Error {
  override readonly name = 'TheoryError'
}

export interface Matrix {
  readonly rows: number
  readonly cols: number
  readonly data: Float64Array
}

export function matrix(rows: number, cols: number, data: ArrayLike<number> = new Float64Array(rows * cols)): Matrix {
  if (data.length !== rows * cols) throw new TheoryError(`a ${rows} × ${cols} matrix has ${rows * cols} numbers, got ${data.length}`)
  return { rows, cols, data: data instanceof Float64Array ? data : Float64Array.from(data) }
}

/** From nested lists. */
export const fromRows = (rows: readonly ArrayLike<number>[]): Matrix =>
  matrix(rows.length, rows[0]?.length ?? 0, Float64Array.from(rows.flatMap(r => Array.from(r))))

export function transposed(a: Matrix): Matrix {
  const out = new Float64Array(a.data.length)
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.cols; j++) out[j * a.rows + i] = a.data[i * a.cols + j]!
  return matrix(a.cols, a.rows, out)
}

/** A·B. */
export function product(a: Matrix, b: Matrix): Matrix {
  if (a.cols !== b.rows) throw new TheoryError(`a ${a.rows} × ${a.cols} matrix cannot multiply one of ${b.rows} × ${b.cols}`)
  const out = new Float64Array(a.rows * b.cols)
  for (let i = 0; i < a.rows; i++) {
    const to = out.subarray(i * b.cols, (i + 1) * b.cols)
    for (let k = 0; k < a.cols; k++) {
      const x = a.data[i * a.cols + k]!
      if (x === 0) continue
      const at = k * b.cols
      for (let j = 0; j < to.length; j++) to[j]! += x * b.data[at + j]!
    }
  }
  return matrix(a.rows, b.cols, out)
}

/** A·Aᵀ, or with `columns` Aᵀ·A. */
export const gram = (a: Matrix, columns = false): Matrix => (columns ? product(transposed(a), a) : product(a, transposed(a)))

/** A·x. */
export function apply(a: Matrix, x: ArrayLike<number>): Float64Array {
  const out = new Float64Array(a.rows)
  for (let i = 0; i < a.rows; i++) {
    let s = 0
    for (let j = 0; j < a.cols; j++) s += a.data[i * a.cols + j]! * x[j]!
    out[i] = s
  }
  return out
}

/** Aᵀ·x. */
export function applyTransposed(a: Matrix, x: ArrayLike<number>): Float64Array {
  const out = new Float64Array(a.cols)
  for (let i = 0; i < a.rows; i++) {
    const k = x[i]!
    for (let j = 0; j < a.cols; j++) out[j]! += k * a.data[i * a.cols + j]!
  }
  return out
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let s = 0
  for (let i = 0; i < a.length; i++) s += a[i]! * b[i]!
  return s
}

export const norm = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a))

/** The lower factor L of A = L·Lᵀ. @throws TheoryError if A is not positive definite */
export function cholesky(a: Matrix): Matrix {
  const n = a.rows
  const l = new Float64Array(n * n)
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let s = a.data[i * n + j]!
      for (let k = 0; k < j; k++) s -= l[i * n + k]! * l[j * n + k]!
      if (i === j) {
        if (!(s > 0)) throw new TheoryError(`the matrix is not positive definite: pivot ${j} is ${s}`)
        l[i * n + i] = Math.sqrt(s)
      } else l[i * n + j] = s / l[j * n + j]!
    }
  }
  return matrix(n, n, l)
}

/** x of A·x = b, given A's Cholesky factor. */
export function solveCholesky(l: Matrix, b: ArrayLike<number>): Float64Array {
  const n = l.rows
  const x = Float64Array.from(b)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= l.data[i * n + k]! * x[k]!
    x[i]! /= l.data[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= l.data[k * n + i]! * x[k]!
    x[i]! /= l.data[i * n + i]!
  }
  return x
}

/** x of A·x = b for a symmetric positive definite A. */
export const solve = (a: Matrix, b: ArrayLike<number>): Float64Array => solveCholesky(cholesky(a), b)

/**
 * The x of least norm among those that minimise ‖A·x − b‖, for A of full rank: by the normal equations, or where there are more columns
 * than rows by those of the other side.
 */
export function leastSquares(a: Matrix, b: ArrayLike<number>): Float64Array {
  return a.rows >= a.cols ? solve(gram(a, true), applyTransposed(a, b)) : applyTransposed(a, solve(gram(a), b))
}
