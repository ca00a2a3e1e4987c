/** A lower bound of a convex hull's volume, to tell solids from sheets, lines and points. */
import { type Vec3, vec3 } from '@dioramic/scene'

/**
 * Volume, m³, of a large tetrahedron among the points (at least 1/50 of the hull's for usual point sets; 0 for fewer than four points
 * or flat ones; NaN if a coordinate is not finite). `points` holds x, y, z of each.
 */
export function hullVolume(points: Float32Array): number {
  const n = points.length / 3
  const at = (i: number): Vec3 => [points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!]
  if (points.some(x => !Number.isFinite(x))) return Number.NaN
  if (n < 4) return 0
  const farthest = (measure: (p: Vec3) => number): Vec3 => {
    let best = at(0)
    let most = -1
    for (let i = 0; i < n; i++) {
      const m = measure(at(i))
      if (m > most) {
        most = m
        best = at(i)
      }
    }
    return best
  }
  const a = farthest(p => vec3.distance(p, at(0)))
  const b = farthest(p => vec3.distance(p, a))
  const ab = vec3.sub(b, a)
  const c = farthest(p => vec3.length(vec3.cross(ab, vec3.sub(p, a))))
  const normal = vec3.cross(ab, vec3.sub(c, a))
  const d = farthest(p => Math.abs(vec3.dot(normal, vec3.sub(p, a))))
  return Math.abs(vec3.dot(normal, vec3.sub(d, a))) / 6
}
