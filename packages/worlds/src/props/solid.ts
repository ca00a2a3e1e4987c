/** Closed surfaces with the convex pieces that collide in their stead; what props are put together from. Plain lists, any length unit. */
import { type Quat, quat, type Vec3 } from '@dioramic/scene'
import { mapPoints } from '../solids/solid.ts'

/** A point of a profile or an outline. */
export type Point2 = readonly [number, number]

export interface Solid {
  /** x, y, z of every vertex. */
  readonly positions: readonly number[]
  /** Counter-clockwise seen from outside. */
  readonly indices: readonly number[]
  readonly uvs: readonly number[]
  /** x, y, z of each convex piece's vertices. */
  readonly hulls: readonly (readonly number[])[]
}

/** Turns that lay +Z along −Y and along +X. */
export const LIE = quat.fromAxisAngle([1, 0, 0], Math.PI / 2)
export const ROLL = quat.fromAxisAngle([0, 1, 0], Math.PI / 2)

/** Scaled, then turned, then moved. Scale factors must be positive. */
export function placed(s: Solid, o: { at?: Vec3; turn?: Quat; scale?: number | Vec3 }): Solid {
  const k: Vec3 = typeof o.scale === 'number' ? [o.scale, o.scale, o.scale] : (o.scale ?? [1, 1, 1])
  const at = o.at ?? [0, 0, 0]
  const move = (v: Vec3): Vec3 => {
    const w = quat.rotate(o.turn ?? quat.IDENTITY, [v[0] * k[0], v[1] * k[1], v[2] * k[2]])
    return [w[0] + at[0], w[1] + at[1], w[2] + at[2]]
  }
  return { ...s, positions: mapPoints(s.positions, move), hulls: s.hulls.map(h => mapPoints(h, move)) }
}

/** One solid of several; they may overlap. */
export function union(...solids: readonly Solid[]): Solid {
  const out = { positions: [] as number[], indices: [] as number[], uvs: [] as number[], hulls: [] as (readonly number[])[] }
  for (const s of solids) {
    const base = out.positions.length / 3
    for (const x of s.positions) out.positions.push(x)
    for (const x of s.uvs) out.uvs.push(x)
    for (const i of s.indices) out.indices.push(base + i)
    out.hulls.push(...s.hulls)
  }
  return out
}

/** Several of one solid, at `n` even turns about +Z. */
export function around(s: Solid, n: number): Solid {
  return union(...Array.from({ length: n }, (_, i) => placed(s, { turn: quat.fromAxisAngle([0, 0, 1], (2 * Math.PI * i) / n) })))
}

/**
 * Rounds the corners of a polyline (open) or polygon (closed) by arcs of about `radius`, never longer than half an edge. A point just outside each arc keeps
 * the flat beside it flat when normals are smoothed.
 */
export function filleted(points: readonly Point2[], radius: number, closed = false, steps = 3): Point2[] {
  const n = points.length
  const out: Point2[] = []
  for (const [i, p] of points.entries()) {
    if (!closed && (i === 0 || i === n - 1)) {
      out.push(p)
      continue
    }
    const before = points[(i + n - 1) % n]!
    const after = points[(i + 1) % n]!
    const toward = (q: Point2, factor = 1): Point2 => {
      const l = Math.sqrt((q[0] - p[0]) * (q[0] - p[0]) + (q[1] - p[1]) * (q[1] - p[1]))
      const s = (factor * Math.min(radius, 0.4 * l)) / l
      return [p[0] + s * (q[0] - p[0]), p[1] + s * (q[1] - p[1])]
    }
    const [a, b] = [toward(before), toward(after)]
    if (!closed) out.push(toward(before, 1.15))
    // A quadratic Bézier: near enough to an arc, and it needs no angle.
    for (let k = 0; k <= steps; k++) {
      const u = k / steps
      const [wa, wp, wb] = [(1 - u) * (1 - u), 2 * u * (1 - u), u * u]
      out.push([wa * a[0] + wp * p[0] + wb * b[0], wa * a[1] + wp * p[1] + wb * b[1]])
    }
    if (!closed) out.push(toward(after, 1.15))
  }
  return out
}

/** A smooth curve through points (Catmull–Rom), `steps` pieces between two of them. */
export function smooth(points: readonly Point2[], steps = 5): Point2[] {
  const out: Point2[] = []
  const at = (i: number): Point2 => {
    if (i < 0) return [2 * points[0]![0] - points[1]![0], 2 * points[0]![1] - points[1]![1]]
    const n = points.length
    return i < n ? points[i]! : [2 * points[n - 1]![0] - points[n - 2]![0], 2 * points[n - 1]![1] - points[n - 2]![1]]
  }
  for (let i = 0; i < points.length - 1; i++) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)]
    for (let k = 0; k < steps; k++) {
      const u = k / steps
      const f = (j: 0 | 1) =>
        b[j] + 0.5 * u * (c[j] - a[j] + u * (2 * a[j] - 5 * b[j] + 4 * c[j] - d[j] + u * (3 * (b[j] - c[j]) + d[j] - a[j])))
      out.push([f(0), f(1)])
    }
  }
  out.push(points[points.length - 1]!)
  return out
}
