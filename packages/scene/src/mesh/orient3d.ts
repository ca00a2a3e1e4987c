/** Exact side-of-plane test on integer points, so that hulls of coplanar, collinear and cocircular points need no tolerances. */

/** 2^40, the largest coordinate that points may have: differences stay exact in f64. */
export const GRID = 1_099_511_627_776

const sign = (x: number | bigint) => (x > 0 ? 1 : x < 0 ? -1 : 0)

/**
 * Sign of (b − a) × (c − a) · (d − a) for integer coordinates within ±2^40: 1 when d is on the side from which a, b, c run counter-clockwise.
 * f64 with a forward error bound first (after Shewchuk 1997, differences being exact), integers of any size when that cannot tell.
 */
export function orient3d(p: Float64Array, a: number, b: number, c: number, d: number): -1 | 0 | 1 {
  const [i, j, k, l] = [3 * a, 3 * b, 3 * c, 3 * d]
  const bx = p[j]! - p[i]!
  const by = p[j + 1]! - p[i + 1]!
  const bz = p[j + 2]! - p[i + 2]!
  const cx = p[k]! - p[i]!
  const cy = p[k + 1]! - p[i + 1]!
  const cz = p[k + 2]! - p[i + 2]!
  const dx = p[l]! - p[i]!
  const dy = p[l + 1]! - p[i + 1]!
  const dz = p[l + 2]! - p[i + 2]!
  const bcx = by * cz
  const cbx = bz * cy
  const bcy = bz * cx
  const cby = bx * cz
  const bcz = bx * cy
  const cbz = by * cx
  const det = dx * (bcx - cbx) + dy * (bcy - cby) + dz * (bcz - cbz)
  const size =
    Math.abs(dx) * (Math.abs(bcx) + Math.abs(cbx)) +
    Math.abs(dy) * (Math.abs(bcy) + Math.abs(cby)) +
    Math.abs(dz) * (Math.abs(bcz) + Math.abs(cbz))
  if (Math.abs(det) > 8e-16 * size) return sign(det)
  if (size === 0) return 0
  const n = BigInt
  return sign(n(dx) * (n(by) * n(cz) - n(bz) * n(cy)) + n(dy) * (n(bz) * n(cx) - n(bx) * n(cz)) + n(dz) * (n(bx) * n(cy) - n(by) * n(cx)))
}
