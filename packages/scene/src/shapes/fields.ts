/** Signed distance fields and their blends (after Quilez, "Distance functions"), for the shapes that are modelled rather than measured. */
import { conjugate, type Quat, rotate } from '../maths/quat.ts'
import { add, dot, scale, sub, type Vec3 } from '../maths/vec3.ts'
import { convexHull } from '../mesh/convex-hull.ts'
import { type DistanceField, isosurface } from '../mesh/isosurface.ts'
import { boxUvs, type Shape } from './surface.ts'

export type { DistanceField }

export const ball = (c: Vec3, r: number): DistanceField => {
  return (x, y, z) => Math.sqrt((x - c[0]) * (x - c[0]) + (y - c[1]) * (y - c[1]) + (z - c[2]) * (z - c[2])) - r
}

/** An ellipsoid with half-axes r, turned by q. First-order distance, exact on the surface. */
export function ellipsoid(c: Vec3, r: Vec3, q?: Quat): DistanceField {
  const back = q && conjugate(q)
  return (x, y, z) => {
    let p: Vec3 = [x - c[0], y - c[1], z - c[2]]
    if (back) p = rotate(back, p)
    const [a, b, e] = [p[0] / r[0], p[1] / r[1], p[2] / r[2]]
    const k0 = Math.sqrt(a * a + b * b + e * e)
    const [f, g, h] = [a / r[0], b / r[1], e / r[2]]
    const k1 = Math.sqrt(f * f + g * g + h * h)
    return k1 > 0 ? (k0 * (k0 - 1)) / k1 : -Math.min(r[0], r[1], r[2])
  }
}

/** The hull of two balls. */
export function roundCone(a: Vec3, r1: number, b: Vec3, r2: number): DistanceField {
  const ba = sub(b, a)
  const l2 = dot(ba, ba)
  const rr = r1 - r2
  const a2 = l2 - rr * rr
  const il2 = 1 / l2
  return (px, py, pz) => {
    const [x, y, z] = [px - a[0], py - a[1], pz - a[2]]
    const along = x * ba[0] + y * ba[1] + z * ba[2]
    const beyond = along - l2
    const [u, v, w] = [x * l2 - ba[0] * along, y * l2 - ba[1] * along, z * l2 - ba[2] * along]
    const x2 = u * u + v * v + w * w
    const y2 = along * along * l2
    const z2 = beyond * beyond * l2
    const k = Math.sign(rr) * rr * rr * x2
    if (Math.sign(beyond) * a2 * z2 > k) return Math.sqrt(x2 + z2) * il2 - r2
    if (Math.sign(along) * a2 * y2 < k) return Math.sqrt(x2 + y2) * il2 - r1
    return (Math.sqrt(x2 * a2 * il2) + along * rr) * il2 - r1
  }
}

/** Point of a cubic Bézier curve. */
export function bezier(p: readonly [Vec3, Vec3, Vec3, Vec3], t: number): Vec3 {
  const s = 1 - t
  return add(add(scale(p[0], s * s * s), scale(p[1], 3 * s * s * t)), add(scale(p[2], 3 * s * t * t), scale(p[3], t * t * t)))
}

/** A tube along a Bézier curve as `n` round cones, its radius going from r1 to r2. */
export function tube(p: readonly [Vec3, Vec3, Vec3, Vec3], r1: number, r2: number, n: number): DistanceField[] {
  return Array.from({ length: n }, (_, i) => {
    const radius = (t: number) => r1 + (r2 - r1) * t
    return roundCone(bezier(p, i / n), radius(i / n), bezier(p, (i + 1) / n), radius((i + 1) / n))
  })
}

/** Smallest of several fields: their union with sharp seams. */
export const union = (...fields: readonly DistanceField[]): DistanceField => {
  return (x, y, z) => {
    let d = Number.POSITIVE_INFINITY
    for (const f of fields) d = Math.min(d, f(x, y, z))
    return d
  }
}

const smooth = (a: number, b: number, k: number) => {
  const h = Math.max(0, k - Math.abs(a - b)) / k
  return Math.min(a, b) - (h * h * k) / 4
}

/** Union whose seams are filled within a distance of about k. */
export const blend = (k: number, ...fields: readonly DistanceField[]): DistanceField => {
  const [first, ...rest] = fields
  return (x, y, z) => {
    let d = first!(x, y, z)
    for (const f of rest) d = smooth(d, f(x, y, z), k)
    return d
  }
}

/** `from` without `what`, edges rounded within about k. */
export const carve = (k: number, from: DistanceField, what: DistanceField): DistanceField => {
  return (x, y, z) => -smooth(-from(x, y, z), what(x, y, z), k)
}

/** The part of a field on the side of a plane away from its normal. */
export const cut = (field: DistanceField, normal: Vec3, offset: number): DistanceField => {
  return (x, y, z) => Math.max(field(x, y, z), normal[0] * x + normal[1] * y + normal[2] * z - offset)
}

/** The same on both sides of the plane x = 0. */
export const mirrored = (field: DistanceField): DistanceField => {
  return (x, y, z) => field(Math.abs(x), y, z)
}

/** One side of it only: +1 or −1. */
export const side = (field: DistanceField, sign: 1 | -1): DistanceField => {
  return (x, y, z) => field(sign * x, y, z)
}

/** The field, or only its ball's distance for points farther than `margin` from the ball that holds it: cheap where it cannot matter. */
export function within(c: Vec3, r: number, margin: number, field: DistanceField): DistanceField {
  return (x, y, z) => {
    const d = Math.sqrt((x - c[0]) * (x - c[0]) + (y - c[1]) * (y - c[1]) + (z - c[2]) * (z - c[2])) - r
    return d > margin ? d : field(x, y, z)
  }
}

/** Inside of a closed polygon (r, z) turned about the Z axis; exact distance. Its first and last points are on the axis. */
export function lathe(polygon: readonly (readonly [number, number])[]): DistanceField {
  const edges = polygon.slice(1).map((b, i) => [polygon[i]!, b] as const)
  const squared = ([[ar, az], [br, bz]]: (typeof edges)[number], r: number, z: number) => {
    const [er, ez] = [br - ar, bz - az]
    const t = Math.min(1, Math.max(0, ((r - ar) * er + (z - az) * ez) / (er * er + ez * ez)))
    const [dr, dz] = [r - ar - er * t, z - az - ez * t]
    return dr * dr + dz * dz
  }
  const inside = (level: typeof edges, r: number, z: number) => {
    let crossings = 0
    for (const [[ar, az], [br, bz]] of level) if (az > z !== bz > z && r < ar + ((z - az) / (bz - az)) * (br - ar)) crossings++
    return crossings % 2 === 1
  }
  // Per square of the (r, z) plane: the edges that can be nearest there, those that a ray along r can cross, and the side when no edge comes near.
  const CELL = 0.08
  const known = new Map<number, { edges: typeof edges; level: typeof edges; side: number }>()
  return (x, y, z) => {
    const r = Math.sqrt(x * x + y * y)
    const [i, j] = [Math.floor(r / CELL), Math.floor(z / CELL)]
    let cell = known.get(i * 4096 + j)
    if (!cell) {
      const [cr, cz] = [(i + 0.5) * CELL, (j + 0.5) * CELL]
      const distances = edges.map(e => Math.sqrt(squared(e, cr, cz)))
      const least = Math.min(...distances)
      const level = edges.filter(([[, az], [, bz]]) => Math.min(az, bz) <= (j + 1.01) * CELL && Math.max(az, bz) >= (j - 0.01) * CELL)
      const side = least > CELL ? (inside(level, cr, cz) ? -1 : 1) : 0
      cell = { edges: edges.filter((_, k) => distances[k]! <= least + 1.5 * CELL), level, side }
      known.set(i * 4096 + j, cell)
    }
    let d2 = Number.POSITIVE_INFINITY
    for (const e of cell.edges) d2 = Math.min(d2, squared(e, r, z))
    return (cell.side || (inside(cell.level, r, z) ? -1 : 1)) * Math.sqrt(d2)
  }
}

/** Points along a cubic Bézier curve in (r, z), its first point left out. */
export function profile(p: readonly (readonly [number, number])[], n: number): (readonly [number, number])[] {
  const [a, b, c, d] = p.map(([r, z]) => [r, 0, z] as const) as [Vec3, Vec3, Vec3, Vec3]
  return Array.from({ length: n }, (_, i) => {
    const q = bezier([a, b, c, d], (i + 1) / n)
    return [q[0], q[2]] as const
  })
}

/**
 * The surface of a field and, for each of its `pieces`, the hull (at most 64 vertices) of the triangles nearest to that piece.
 */
export function fieldShape(field: DistanceField, min: Vec3, max: Vec3, cells: number, pieces: readonly DistanceField[]): Shape {
  const s = isosurface(field, min, max, cells)
  const p = s.positions
  const nearest = (i: number) => {
    let best = 0
    let least = Number.POSITIVE_INFINITY
    pieces.forEach((f, k) => {
      const d = f(p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!)
      if (d < least) [best, least] = [k, d]
    })
    return best
  }
  const owner = Array.from({ length: p.length / 3 }, (_, i) => nearest(i))
  const members = pieces.map(() => new Set<number>())
  for (let t = 0; t < s.indices.length; t += 3) {
    const triangle = s.indices.slice(t, t + 3)
    for (const k of new Set(triangle.map(i => owner[i]!))) for (const i of triangle) members[k]!.add(i)
  }
  const hulls = members.flatMap(m => {
    const hull = convexHull(
      [...m].flatMap(i => p.slice(3 * i, 3 * i + 3)),
      64,
    )
    if (!hull) return []
    return [Array.from({ length: hull.positions.length / 3 }, (_, i) => [...hull.positions.subarray(3 * i, 3 * i + 3)] as unknown as Vec3)]
  })
  return { surface: boxUvs(s), hulls }
}
