/** Outlines pulled up into solids. */
import type { Vec3 } from '@dioramic/scene'
import { type Solid, shaded } from './solid.ts'
import { walls } from './walls.ts'

type Point = readonly [number, number]

const cross = (o: Point, a: Point, b: Point) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])

/** Ears of a simple counter-clockwise polygon, cut off one by one (Meisters 1975): indices of its corners, three a triangle. */
export function triangulated(polygon: readonly Point[]): number[] {
  const left = polygon.map((_, i) => i)
  const out: number[] = []
  while (left.length > 2) {
    const n = left.length
    let best = -1
    for (let k = 0; k < n && best < 0; k++) {
      const [i, j, l] = [left[(k + n - 1) % n]!, left[k]!, left[(k + 1) % n]!]
      const [a, b, c] = [polygon[i]!, polygon[j]!, polygon[l]!]
      if (cross(a, b, c) <= 1e-14) continue
      const clear = left.every(m => {
        if (m === i || m === j || m === l) return true
        const p = polygon[m]!
        return cross(a, b, p) < 0 || cross(b, c, p) < 0 || cross(c, a, p) < 0
      })
      if (clear) best = k
    }
    // Only corners on a line, or of an outline that crosses itself, are left.
    const k = Math.max(best, 0)
    if (best >= 0) out.push(left[(k + n - 1) % n]!, left[k]!, left[(k + 1) % n]!)
    left.splice(k, 1)
  }
  return out
}

/** The outline moved inwards by `by` along the mitres of its corners. */
function inset(polygon: readonly Point[], by: number): Point[] {
  const n = polygon.length
  return polygon.map((p, i) => {
    const [a, b] = [polygon[(i + n - 1) % n]!, polygon[(i + 1) % n]!]
    const normal = (u: Point, v: Point): Point => {
      const l = Math.sqrt((v[0] - u[0]) * (v[0] - u[0]) + (v[1] - u[1]) * (v[1] - u[1])) || 1
      return [-(v[1] - u[1]) / l, (v[0] - u[0]) / l]
    }
    const [m, k] = [normal(a, p), normal(p, b)]
    const d = 1 + m[0] * k[0] + m[1] * k[1]
    const s = by / Math.max(d, 0.3)
    return [p[0] + s * (m[0] + k[0]), p[1] + s * (m[1] + k[1])]
  })
}

/**
 * A counter-clockwise outline in x, y pulled up from z = 0 to `height`, its rims chamfered by `bevel`. Corners of the outline that turn less than
 * `crease` radians look round. Collides as its convex hull.
 */
export function prism(outline: readonly Point[], height: number, bevel = 0.002, crease = 0.6): Solid {
  const n = outline.length
  const inner = bevel > 0 ? inset(outline, bevel) : outline
  const rings: Vec3[][] =
    bevel > 0
      ? [
          inner.map(([x, y]): Vec3 => [x, y, 0]),
          outline.map(([x, y]): Vec3 => [x, y, bevel]),
          outline.map(([x, y]): Vec3 => [x, y, height - bevel]),
          inner.map(([x, y]): Vec3 => [x, y, height]),
        ]
      : [outline.map(([x, y]): Vec3 => [x, y, 0]), outline.map(([x, y]): Vec3 => [x, y, height])]
  const indices = walls(rings.length, n)
  const lid = triangulated(inner)
  const top = (rings.length - 1) * n
  for (let t = 0; t < lid.length; t += 3) {
    indices.push(lid[t]!, lid[t + 2]!, lid[t + 1]!)
    indices.push(top + lid[t]!, top + lid[t + 1]!, top + lid[t + 2]!)
  }
  const made = shaded(
    rings.flat().flatMap(v => [...v]),
    indices,
    crease,
  )
  return made.withHulls([outline.flatMap(([x, y]) => [x, y, 0, x, y, height])])
}
