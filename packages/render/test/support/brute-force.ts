/** Ray casts without any BVH: Möller–Trumbore in f64 against every triangle in the world frame. */
import type { Motion } from '@dioramic/physics'
import type { ResolvedScene } from '@dioramic/scene'
import { poseMatrices } from '../../src/pose.ts'

/** All triangles of a scene at one time, nine f64 each, with the object and triangle they belong to. */
export interface Soup {
  readonly corners: Float64Array
  readonly instance: Int32Array
  readonly primitive: Uint32Array
}

export function soupOf(resolved: ResolvedScene, motion: Motion, time: number): Soup {
  const corners: number[] = []
  const instance: number[] = []
  const primitive: number[] = []
  resolved.objects.forEach(({ mesh, index }, i) => {
    const m = poseMatrices(resolved, motion, index, time).worldFromObject
    for (let k = 0; k < mesh.indices.length; k++) {
      const v = mesh.indices[k]! * 3
      for (let r = 0; r < 12; r += 4) {
        corners.push(m[r]! * mesh.positions[v]! + m[r + 1]! * mesh.positions[v + 1]! + m[r + 2]! * mesh.positions[v + 2]! + m[r + 3]!)
      }
      if (k % 3 === 0) {
        instance.push(i)
        primitive.push(k / 3)
      }
    }
  })
  return { corners: Float64Array.from(corners), instance: Int32Array.from(instance), primitive: Uint32Array.from(primitive) }
}

export interface Crossing {
  readonly t: number
  readonly u: number
  readonly v: number
  /** Cosine between the ray and the triangle's normal: errors of t grow by its inverse. */
  readonly cosine: number
  /** Smallest barycentric coordinate: negative outside. */
  readonly margin: number
}

type Vec = readonly [number, number, number]

/** Where the line crosses the plane of triangle `k`; null for a degenerate triangle or a parallel line. */
export function cross({ corners: p }: Soup, k: number, o: Vec, d: Vec): Crossing | null {
  const at = k * 9
  const e = (i: number, j: number) => p[at + j * 3 + i]! - p[at + i]!
  const [ax, ay, az, bx, by, bz] = [e(0, 1), e(1, 1), e(2, 1), e(0, 2), e(1, 2), e(2, 2)]
  const [px, py, pz] = [d[1] * bz - d[2] * by, d[2] * bx - d[0] * bz, d[0] * by - d[1] * bx]
  const det = ax * px + ay * py + az * pz
  const [nx, ny, nz] = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx]
  const area = Math.hypot(nx, ny, nz)
  const longest = Math.max(ax * ax + ay * ay + az * az, bx * bx + by * by + bz * bz)
  const cosine = Math.abs(det) / (area * Math.hypot(...d))
  if (!(area > 1e-9 * longest) || !(cosine > 1e-9)) return null
  const [sx, sy, sz] = [o[0] - p[at]!, o[1] - p[at + 1]!, o[2] - p[at + 2]!]
  const [qx, qy, qz] = [sy * az - sz * ay, sz * ax - sx * az, sx * ay - sy * ax]
  const u = (sx * px + sy * py + sz * pz) / det
  const v = (d[0] * qx + d[1] * qy + d[2] * qz) / det
  return { t: (bx * qx + by * qy + bz * qz) / det, u, v, cosine, margin: Math.min(u, v, 1 - u - v) }
}
