/**
 * The exact box around a mesh's image where straight edges are not straight: curved lenses, rolling shutters. The extremes of a smooth image of a
 * surface lie on its edges (or on the border of what the lens sees), but between their ends, so edges are subdivided until their pieces are
 * a third of a pixel, and the pieces that matter are searched for their extremes. Triangles well inside the box are skipped.
 */
import { bounds, type Mesh } from '@dioramic/scene'
import type { Box, Silhouette } from './silhouette.ts'

/** Puts the raster position of the point at s (0–1) of the edge from vertex i to vertex j to `out`; false where it has no image. */
export type Place = (i: number, j: number, s: number, out: Float64Array) => boolean

/** For vertices that keep their places, by the raster position of an object-frame point. */
export const placeOf =
  (positions: Float32Array, see: (x: number, y: number, z: number, out: Float64Array) => boolean): Place =>
  (i, j, s, out) => {
    const at = (k: number) => positions[3 * i + k] + s * (positions[3 * j + k] - positions[3 * i + k])
    return see(at(0), at(1), at(2), out)
  }

/** What else the outline may touch besides edges. */
export interface Border {
  /** Width of a picture whose left and right edge are one meridian. */
  readonly turn?: number
  /** Rays along the border of what the lens sees, object frame; a triangle that one meets reaches to its box. */
  readonly rays: readonly BorderRay[]
}
type Triple = readonly [number, number, number]
export interface BorderRay {
  readonly eye: Triple
  readonly direction: Triple
  readonly box: Box
}

/** Pixels. */
const PIECE = 0.3
const DEPTH = 14
/** Halvings that find where an edge leaves the image. */
const FINEST = 40

type Mutable = [number, number, number, number]

/** `mesh` has the triangles, and places for the border's rays. */
export function outline(mesh: Mesh, place: Place, border: Border): Silhouette | null {
  const { positions, indices } = mesh
  const count = positions.length / 3
  const raster = new Float64Array(2 * count).fill(NaN)
  const box: Mutable = [Infinity, Infinity, -Infinity, -Infinity]
  const out = new Float64Array(2)
  const used = new Uint8Array(count)
  let cut = false
  for (const i of indices) {
    if (used[i]) continue
    used[i] = 1
    if (!place(i, i, 0, out)) {
      cut = true
      continue
    }
    raster[2 * i] = out[0]
    raster[2 * i + 1] = out[1]
    grow(box, out[0], out[1])
  }
  const rays = border.rays.length === 0 ? border.rays : raysInto(positions, border.rays)
  for (let f = 0; f < indices.length; f += 3) {
    const [a, b, c] = [indices[f], indices[f + 1], indices[f + 2]]
    if (inside(box, raster, a, b, c)) continue
    edge(a, b)
    edge(b, c)
    edge(c, a)
    for (const { eye, direction, box: reached } of rays) {
      if (!meets(positions, a, b, c, eye, direction)) continue
      grow(box, reached[0], reached[1])
      grow(box, reached[2], reached[3])
    }
  }
  return box[0] <= box[2] ? { box, cut } : null

  /** Grows the box by the edge from vertex i to vertex j. */
  function edge(i: number, j: number): void {
    const see = (s: number): boolean => place(i, j, s, out)
    // bendU and bendV: how far the middle of the piece that this is half of lies from the middle between its ends.
    const halve = (
      s0: number,
      u0: number,
      v0: number,
      s1: number,
      u1: number,
      v1: number,
      bendU: number,
      bendV: number,
      depth: number,
    ): void => {
      const [first, last] = [Number.isNaN(u0), Number.isNaN(u1)]
      const far = Math.abs(u1 - u0) + Math.abs(v1 - v0)
      const crossing = border.turn !== undefined && Math.abs(u1 - u0) > border.turn / 2
      if (first || last) {
        if (depth >= (first && last ? 5 : FINEST)) return
      } else if (crossing) {
        if (depth >= FINEST) {
          grow(box, 0, v0)
          grow(box, border.turn!, v1)
          return
        }
      } else if (depth >= DEPTH || (far < PIECE && (depth > 1 || stays(see, s0, s1, u0, v0)))) {
        peak(see, s0, s1)
        return
      }
      // A piece of a curve bulges less than it is long; the first cuts see to it that it is short beside its bends.
      if (depth > 2 && !first && !last && !crossing && deep(box, 2 * far, u0, v0) && deep(box, 2 * far, u1, v1)) return
      const s = (s0 + s1) / 2
      const seen = see(s)
      const [u, v] = seen ? [out[0], out[1]] : [NaN, NaN]
      if (seen) grow(box, u, v)
      const [middleU, middleV] = [Math.abs(u - (u0 + u1) / 2), Math.abs(v - (v0 + v1) / 2)]
      // Bends fall by four with each cut. Taken to be four times as large, and as the last one's at least, should this middle be a turning point.
      const [bulgeU, bulgeV] = [Math.max(4 * middleU, bendU), Math.max(4 * middleV, bendV)]
      if (depth > 2 && !crossing && within(box, bulgeU, bulgeV, u0, v0) && within(box, bulgeU, bulgeV, u1, v1)) return
      halve(s0, u0, v0, s, u, v, middleU, middleV, depth + 1)
      halve(s, u, v, s1, u1, v1, middleU, middleV, depth + 1)
    }
    halve(0, raster[2 * i], raster[2 * i + 1], 1, raster[2 * j], raster[2 * j + 1], Infinity, Infinity, 0)
  }

  /** Whether a piece whose ends are near each other stays there: the image of a long edge may come back to where it began. */
  function stays(see: (s: number) => boolean, s0: number, s1: number, u0: number, v0: number): boolean {
    for (const s of [0.25, 0.5, 0.75]) if (!see(s0 + s * (s1 - s0)) || Math.abs(out[0] - u0) + Math.abs(out[1] - v0) > PIECE) return false
    return true
  }

  /** Grows the box by what a short piece bulges past it: by the parabola through its ends and its middle. */
  function peak(see: (s: number) => boolean, s0: number, s1: number): void {
    if (!see(s0)) return
    const [u0, v0] = out
    if (!see(s1)) return
    const [u1, v1] = out
    const near = Math.abs(u1 - u0) + Math.abs(v1 - v0)
    if (deep(box, near, u0, v0) && deep(box, near, u1, v1)) return
    if (!see((s0 + s1) / 2)) return
    const [u, v] = out
    grow(box, vertex(u0, u, u1), vertex(v0, v, v1))
  }
}

function grow(box: Mutable, u: number, v: number): void {
  if (u < box[0]) box[0] = u
  if (v < box[1]) box[1] = v
  if (u > box[2]) box[2] = u
  if (v > box[3]) box[3] = v
}

/** Whether a place lies in the box, farther than `byU` and `byV` from its sides; what is not a number does not. */
const within = (box: Mutable, byU: number, byV: number, u: number, v: number): boolean =>
  u > box[0] + byU && u < box[2] - byU && v > box[1] + byV && v < box[3] - byV
/** Whether a place lies in the box, farther than `by` from its sides. */
const deep = (box: Mutable, by: number, u: number, v: number): boolean => within(box, by, by, u, v)

/** Extreme value of the parabola through a, m, b at −1, 0, 1, or m where it has none in between. */
function vertex(a: number, m: number, b: number): number {
  const bend = a + b - 2 * m
  const slope = (b - a) / 2
  return Math.abs(slope) < Math.abs(bend) ? m - (slope * slope) / (2 * bend) : m
}

/** Whether a triangle lies so deep inside the box that its edges cannot bulge out of it: by more than it is large itself. */
function inside(box: Mutable, raster: Float64Array, a: number, b: number, c: number): boolean {
  for (let k = 0; k < 2; k++) {
    const [x, y, z] = [raster[2 * a + k], raster[2 * b + k], raster[2 * c + k]]
    const low = Math.min(x, y, z)
    const high = Math.max(x, y, z)
    const size = high - low + PIECE
    // NaN, of a corner without an image, is never inside.
    if (!(low - size > box[k] && high + size < box[2 + k])) return false
  }
  return true
}

/** The rays that come near the sphere around all vertices: most meshes lie away from the border. */
function raysInto(p: Float32Array, rays: readonly BorderRay[]): readonly BorderRay[] {
  const { min, max } = bounds(p)
  const centre = [0, 1, 2].map(i => (min[i] + max[i]) / 2)
  const radius = Math.sqrt([0, 1, 2].reduce((sum, i) => sum + (max[i] - centre[i]) * (max[i] - centre[i]), 0)) * 1.001
  return rays.filter(({ eye, direction: d }) => {
    const [x, y, z] = [0, 1, 2].map(i => centre[i] - eye[i])
    const along = (x * d[0] + y * d[1] + z * d[2]) / (d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
    const [u, v, w] = [x - along * d[0], y - along * d[1], z - along * d[2]]
    // Written so that what is not a number keeps its ray.
    return !(u * u + v * v + w * w > radius * radius) && !(along < 0 && x * x + y * y + z * z > radius * radius)
  })
}

/** Whether a ray from `eye` meets triangle a, b, c (Möller and Trumbore 1997). Nothing is allocated: whole meshes are asked. */
function meets(p: Float32Array, a: number, b: number, c: number, [ex, ey, ez]: Triple, [dx, dy, dz]: Triple): boolean {
  const [ax, ay, az] = [p[3 * a], p[3 * a + 1], p[3 * a + 2]]
  const [ux, uy, uz] = [p[3 * b] - ax, p[3 * b + 1] - ay, p[3 * b + 2] - az]
  const [vx, vy, vz] = [p[3 * c] - ax, p[3 * c + 1] - ay, p[3 * c + 2] - az]
  const [sx, sy, sz] = [ex - ax, ey - ay, ez - az]
  const [hx, hy, hz] = [dy * vz - dz * vy, dz * vx - dx * vz, dx * vy - dy * vx]
  const det = ux * hx + uy * hy + uz * hz
  if (det === 0) return false
  const u = (sx * hx + sy * hy + sz * hz) / det
  if (!(u >= 0 && u <= 1)) return false
  const [qx, qy, qz] = [sy * uz - sz * uy, sz * ux - sx * uz, sx * uy - sy * ux]
  const v = (dx * qx + dy * qy + dz * qz) / det
  return v >= 0 && u + v <= 1 && (vx * qx + vy * qy + vz * qz) / det > 0
}
