/** Affine maps as row-major 3×4 matrices, 12 numbers each, in flat arrays of them. f64. */
import { type Quat, toMatrix3 } from '../maths/quat.ts'
import type { Vec3 } from '../maths/vec3.ts'

export type Matrix34 = ArrayLike<number>

/** Writes translation · rotation · scale to `out[at …]`. */
export function composeInto(t: Vec3, q: Quat, s: Vec3, out: Float64Array, at: number): void {
  const r = toMatrix3(q)
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) out[at + 4 * i + j] = r[3 * i + j]! * s[j]!
    out[at + 4 * i + 3] = t[i]!
  }
}

/** Writes the product a · b (b acts first) to `out[at …]`, which must be neither of them. */
export function multiplyInto(a: Matrix34, i: number, b: Matrix34, j: number, out: Float64Array, at: number): void {
  for (let r = 0; r < 12; r += 4) {
    const [x, y, z, w] = [a[i + r]!, a[i + r + 1]!, a[i + r + 2]!, a[i + r + 3]!]
    for (let c = 0; c < 4; c++) out[at + r + c] = x * b[j + c]! + y * b[j + 4 + c]! + z * b[j + 8 + c]! + (c === 3 ? w : 0)
  }
}

/** Cofactors of the linear part at `m[at …]`: the inverse transpose times the determinant, 9 numbers. It maps normals, also where the map is singular. */
export function cofactors(m: Matrix34, at: number): readonly number[] {
  const [a, b, c] = [m[at]!, m[at + 1]!, m[at + 2]!]
  const [d, e, f] = [m[at + 4]!, m[at + 5]!, m[at + 6]!]
  const [g, h, i] = [m[at + 8]!, m[at + 9]!, m[at + 10]!]
  return [
    e * i - f * h,
    f * g - d * i,
    d * h - e * g,
    c * h - b * i,
    a * i - c * g,
    b * g - a * h,
    b * f - c * e,
    c * d - a * f,
    a * e - b * d,
  ]
}

/** Inverse of the matrix at `m[at …]`; undefined where it has none that f64 can tell. */
export function invert34(m: Matrix34, at = 0): Float64Array | undefined {
  const k = cofactors(m, at)
  const det = m[at]! * k[0]! + m[at + 1]! * k[1]! + m[at + 2]! * k[2]!
  const out = new Float64Array(12)
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) out[4 * i + j] = k[3 * j + i]! / det
    out[4 * i + 3] = -(out[4 * i]! * m[at + 3]! + out[4 * i + 1]! * m[at + 7]! + out[4 * i + 2]! * m[at + 11]!)
  }
  return det !== 0 && out.every(Number.isFinite) ? out : undefined
}
