/** Symmetric matrices, as d rows of d numbers in one array. */

/** Eigenvalues and, as rows, eigenvectors, by Jacobi's rotations. The order is none. */
export function eigen(a: Float64Array, d: number): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const m = Float64Array.from(a)
  const v = new Float64Array(d * d)
  for (let i = 0; i < d; i++) v[i * d + i] = 1
  for (let sweep = 0; sweep < 60; sweep++) {
    let [off, on] = [0, 0]
    for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) i === j ? (on += m[i * d + j]! ** 2) : (off += m[i * d + j]! ** 2)
    if (off <= 1e-26 * on || off === 0) break
    for (let p = 0; p < d; p++)
      for (let q = p + 1; q < d; q++) {
        const apq = m[p * d + q]!
        if (apq === 0) continue
        const theta = (m[q * d + q]! - m[p * d + p]!) / (2 * apq)
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        const s = t * c
        rotate(m, d, p, q, c, s)
        for (let k = 0; k < d; k++) {
          const [x, y] = [v[p * d + k]!, v[q * d + k]!]
          v[p * d + k] = c * x - s * y
          v[q * d + k] = s * x + c * y
        }
      }
  }
  return { values: Float64Array.from({ length: d }, (_, i) => m[i * d + i]!), vectors: v }
}

function rotate(m: Float64Array, d: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < d; k++) {
    const [x, y] = [m[k * d + p]!, m[k * d + q]!]
    m[k * d + p] = c * x - s * y
    m[k * d + q] = s * x + c * y
  }
  for (let k = 0; k < d; k++) {
    const [x, y] = [m[p * d + k]!, m[q * d + k]!]
    m[p * d + k] = c * x - s * y
    m[q * d + k] = s * x + c * y
  }
}

/** A^½ of a positive semi-definite A; eigenvalues that rounding made negative count as 0. */
export function squareRoot(a: Float64Array, d: number): Float64Array {
  const { values, vectors } = eigen(a, d)
  const out = new Float64Array(d * d)
  values.forEach((value, k) => {
    const root = Math.sqrt(Math.max(0, value))
    for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out[i * d + j]! += root * vectors[k * d + i]! * vectors[k * d + j]!
  })
  return out
}
