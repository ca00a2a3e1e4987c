/** Points spread over a mesh's outer surface, to measure how far collision hulls stand off it. */
import { massProperties } from './mass-properties.ts'
import { kindAt, type Voxels } from './voxels.ts'

interface Triangles {
  readonly positions: ArrayLike<number>
  readonly indices: ArrayLike<number>
}

/** Places and unit outward normals, x, y, z of each. */
export interface SurfaceSamples {
  readonly points: Float64Array
  readonly normals: Float64Array
}

/** About `count` points, spread evenly by area in the order of the triangles (an R2 sequence within each; Roberts 2018). */
export function surfaceSamples(mesh: Triangles, count: number): SurfaceSamples {
  const { positions: p, indices } = mesh
  const { area, volume } = massProperties(mesh)
  const turn = volume < 0 ? -1 : 1
  const points: number[] = []
  const normals: number[] = []
  let done = 0
  let next = 0.5
  for (let t = 0; t + 2 < indices.length; t += 3) {
    const [a, b, c] = [3 * indices[t]!, 3 * indices[t + 1]!, 3 * indices[t + 2]!]
    const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!]
    const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!]
    const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx]
    const l = Math.sqrt(x * x + y * y + z * z)
    if (!(l > 0)) continue
    done += ((l / 2) * count) / area
    for (; next < done; next++) {
      let r = (next * 0.7548776662466927) % 1
      let s = (next * 0.5698402909980532) % 1
      if (r + s > 1) [r, s] = [1 - r, 1 - s]
      points.push(p[a]! + r * ux + s * vx, p[a + 1]! + r * uy + s * vy, p[a + 2]! + r * uz + s * vz)
      normals.push((turn * x) / l, (turn * y) / l, (turn * z) / l)
    }
  }
  return { points: Float64Array.from(points), normals: Float64Array.from(normals) }
}

/**
 * The samples that something outside can come near: those with an outside voxel around them. Inner walls, and slots narrower than
 * two voxels, are left out.
 */
export function reachable(samples: SurfaceSamples, voxels: Voxels): SurfaceSamples {
  const { points: p, normals: n } = samples
  const kept: number[] = []
  for (let i = 0; i < p.length; i += 3) {
    let near = false
    for (let d = 0; d < 27 && !near; d++) {
      near =
        kindAt(
          voxels,
          p[i]! + ((d % 3) - 1) * voxels.cell,
          p[i + 1]! + ((Math.floor(d / 3) % 3) - 1) * voxels.cell,
          p[i + 2]! + (Math.floor(d / 9) - 1) * voxels.cell,
        ) === 0
    }
    if (near) kept.push(i)
  }
  const pick = (a: Float64Array) => Float64Array.from({ length: 3 * kept.length }, (_, k) => a[kept[Math.floor(k / 3)]! + (k % 3)]!)
  return { points: pick(p), normals: pick(n) }
}
