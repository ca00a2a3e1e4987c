import type { Vec3 } from '../maths/vec3.ts'
import { bounds } from './bounds.ts'

export interface MassProperties {
  /** Signed: negative when the surface is inside out. Cubic metres for positions in metres. */
  readonly volume: number
  /** Square metres. */
  readonly area: number
  /** Of the enclosed solid, uniform density; the area centroid of the surface when it encloses nothing. */
  readonly centerOfMass: Vec3
  /** Row-major 3×3 inertia tensor about the centre of mass for unit density, m⁵; times density gives kg m². */
  readonly inertia: readonly number[]
}

/**
 * Volume, centre of mass and inertia tensor of the solid that a closed triangle mesh bounds: exact sums over signed tetrahedra
 * (Tonon, "Explicit exact formulas for the 3-D tetrahedron inertia tensor", 2004). Meaningless volumes come from open meshes.
 */
export function massProperties(mesh: { readonly positions: ArrayLike<number>; readonly indices: ArrayLike<number> }): MassProperties {
  const { positions: p, indices } = mesh
  const b = bounds(p)
  // Tetrahedra from the middle of the bounds, where they cancel least.
  const o = [(b.min[0] + b.max[0]) / 2, (b.min[1] + b.max[1]) / 2, (b.min[2] + b.max[2]) / 2] as const
  let volume6 = 0
  let area = 0
  const first = [0, 0, 0] as [number, number, number]
  const middle = [0, 0, 0] as [number, number, number]
  const second = [0, 0, 0, 0, 0, 0]
  for (let t = 0; t + 2 < indices.length; t += 3) {
    const i = 3 * indices[t]!
    const j = 3 * indices[t + 1]!
    const k = 3 * indices[t + 2]!
    const ax = p[i]! - o[0]
    const ay = p[i + 1]! - o[1]
    const az = p[i + 2]! - o[2]
    const bx = p[j]! - o[0]
    const by = p[j + 1]! - o[1]
    const bz = p[j + 2]! - o[2]
    const cx = p[k]! - o[0]
    const cy = p[k + 1]! - o[1]
    const cz = p[k + 2]! - o[2]
    const det = ax * (by * cz - bz * cy) - ay * (bx * cz - bz * cx) + az * (bx * cy - by * cx)
    const nx = (by - ay) * (cz - az) - (bz - az) * (cy - ay)
    const ny = (bz - az) * (cx - ax) - (bx - ax) * (cz - az)
    const nz = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    const a = Math.sqrt(nx * nx + ny * ny + nz * nz) / 2
    const sx = ax + bx + cx
    const sy = ay + by + cy
    const sz = az + bz + cz
    volume6 += det
    area += a
    first[0] += det * sx
    first[1] += det * sy
    first[2] += det * sz
    middle[0] += a * sx
    middle[1] += a * sy
    middle[2] += a * sz
    second[0]! += det * (ax * ax + bx * bx + cx * cx + sx * sx)
    second[1]! += det * (ay * ay + by * by + cy * cy + sy * sy)
    second[2]! += det * (az * az + bz * bz + cz * cz + sz * sz)
    second[3]! += det * (ax * ay + bx * by + cx * cy + sx * sy)
    second[4]! += det * (ay * az + by * bz + cy * cz + sy * sz)
    second[5]! += det * (az * ax + bz * bx + cz * cx + sz * sx)
  }
  const volume = volume6 / 6
  const size = Math.max(b.max[0] - b.min[0], b.max[1] - b.min[1], b.max[2] - b.min[2])
  const solid = Math.abs(volume) > 1e-12 * size * size * size
  const c: Vec3 = solid
    ? [first[0] / (4 * volume6), first[1] / (4 * volume6), first[2] / (4 * volume6)]
    : area > 0
      ? [middle[0] / (3 * area), middle[1] / (3 * area), middle[2] / (3 * area)]
      : [0, 0, 0]
  const xx = second[0]! / 120 - volume * c[0] * c[0]
  const yy = second[1]! / 120 - volume * c[1] * c[1]
  const zz = second[2]! / 120 - volume * c[2] * c[2]
  const xy = second[3]! / 120 - volume * c[0] * c[1]
  const yz = second[4]! / 120 - volume * c[1] * c[2]
  const zx = second[5]! / 120 - volume * c[2] * c[0]
  return {
    volume,
    area,
    centerOfMass: [c[0] + o[0], c[1] + o[1], c[2] + o[2]],
    inertia: [yy + zz, -xy, -zx, -xy, xx + zz, -yz, -zx, -yz, xx + yy],
  }
}
