/** How far hulls stand off a surface they should follow. */
import { type Bounds, boundsSize } from './bounds.ts'
import { type ConvexHull, convexHull } from './convex-hull.ts'
import type { SurfaceSamples } from './surface-samples.ts'

/** Numbers a face plane takes. */
const PLANE = 5

/**
 * Face planes of a hull, five numbers each: unit outward normal, offset, and 1 where the face is parallel to an axis plane to
 * `aligned` (cosine) without lying in a side of `outer`, so that it may be a cut rather than skin.
 */
export function facePlanes({ exact: p, indices }: ConvexHull, outer?: Bounds, aligned = 0.9999): Float64Array {
  const out = new Float64Array((PLANE * indices.length) / 3)
  const eps = outer ? 1e-5 * Math.max(...boundsSize(outer)) : 0
  let at = 0
  for (let t = 0; t + 2 < indices.length; t += 3) {
    const a = 3 * indices[t]!
    const b = 3 * indices[t + 1]!
    const c = 3 * indices[t + 2]!
    const ux = p[b]! - p[a]!
    const uy = p[b + 1]! - p[a + 1]!
    const uz = p[b + 2]! - p[a + 2]!
    const vx = p[c]! - p[a]!
    const vy = p[c + 1]! - p[a + 1]!
    const vz = p[c + 2]! - p[a + 2]!
    const x = uy * vz - uz * vy
    const y = uz * vx - ux * vz
    const z = ux * vy - uy * vx
    const l = Math.sqrt(x * x + y * y + z * z)
    // A sliver's plane is any; its neighbours' tell as much.
    if (!(l > 1e-7 * Math.max(ux * ux + uy * uy + uz * uz, vx * vx + vy * vy + vz * vz))) continue
    out[at] = x / l
    out[at + 1] = y / l
    out[at + 2] = z / l
    out[at + 3] = (x * p[a]! + y * p[a + 1]! + z * p[a + 2]!) / l
    for (let k = 0; k < 3; k++) {
      if (Math.abs(out[at + k]!) < aligned) continue
      const side = outer && (out[at + k]! > 0 ? outer.max[k]! : outer.min[k]!)
      out[at + 4] = side !== undefined && Math.abs(p[a + k]! - side) <= eps ? 0 : 1
    }
    at += PLANE
  }
  return out.slice(0, at)
}

/**
 * What a hull stands proud of the surface at sample i: the way along its normal until it leaves the hull, but at most `SLANT` times the depth
 * under the nearest face that is no cut, since the wall of a dimple looks far along the hull though it is shallow. 0 outside the hull.
 */
export function proud(planes: Float64Array, { points: p, normals: n }: SurfaceSamples, i: number): number {
  const px = p[3 * i]!
  const py = p[3 * i + 1]!
  const pz = p[3 * i + 2]!
  const nx = n[3 * i]!
  const ny = n[3 * i + 1]!
  const nz = n[3 * i + 2]!
  let way = Number.POSITIVE_INFINITY
  let depth = Number.POSITIVE_INFINITY
  for (let f = 0; f < planes.length; f += PLANE) {
    const along = planes[f]! * nx + planes[f + 1]! * ny + planes[f + 2]! * nz
    const room = planes[f + 3]! - (planes[f]! * px + planes[f + 1]! * py + planes[f + 2]! * pz)
    // A cut is no skin, unless the surface runs along it: a thin slice across a hollow is not shallow there.
    const skin = planes[f + 4] === 0 || along > AGREES
    if (skin && room <= 0) return 0
    if (skin && room < depth) depth = room
    if (along > (skin ? 1e-9 : AGREES / 2) && room > 0 && room < way * along) way = room / along
  }
  const off = Math.min(way, SLANT * depth)
  return off < Number.POSITIVE_INFINITY ? off : 0
}
const AGREES = 0.7
const SLANT = 1.5

/**
 * Greatest distance between hulls and a surface, in its unit: a sample outside all hulls counts by its height above the nearest one, a sample
 * inside by its depth below the skin of the hull in which it is deepest, a corner of a hull by its height above the convex hull of `positions`
 * (made to `precision`).
 */
export function standOff(hulls: readonly Float32Array[], positions: ArrayLike<number>, samples: SurfaceSamples, precision = 0): number {
  const all = hulls.flatMap(h => {
    const hull = convexHull(h)
    return hull ? [facePlanes(hull)] : []
  })
  let worst = 0
  for (let i = 0; i < samples.points.length; i += 3)
    worst = Math.max(worst, Math.abs(heightAbove(all, samples.points[i]!, samples.points[i + 1]!, samples.points[i + 2]!)))
  const whole = convexHull(positions, Number.POSITIVE_INFINITY, precision)
  if (!whole) return worst
  const outer = [facePlanes(whole)]
  for (const h of hulls) for (let i = 0; i < h.length; i += 3) worst = Math.max(worst, heightAbove(outer, h[i]!, h[i + 1]!, h[i + 2]!))
  return worst
}

/** Least over the hulls of the greatest height of a point above a face's plane; negative inside. */
function heightAbove(hulls: readonly Float64Array[], x: number, y: number, z: number): number {
  let least = Number.POSITIVE_INFINITY
  for (const planes of hulls) {
    let most = Number.NEGATIVE_INFINITY
    for (let f = 0; f < planes.length && most < least; f += PLANE) {
      const height = planes[f]! * x + planes[f + 1]! * y + planes[f + 2]! * z - planes[f + 3]!
      if (height > most) most = height
    }
    if (most < least) least = most
  }
  return least
}
