import type { Vec3 } from '@dioramic/scene'
import { Solid } from './solid.ts'

/**
 * A box about the origin with chamfered edges that look rounded: flat faces keep their normals, and the chamfers blend from one to the next.
 *
 * @param size metres
 * @param bevel width of the chamfer along each face, metres; at most half the shortest edge
 */
export function box(size: Vec3, bevel = 0.003): Solid {
  const half = size.map(s => s / 2) as unknown as Vec3
  const b = Math.min(bevel, half[0] * 0.98, half[1] * 0.98, half[2] * 0.98)
  const positions: number[] = []
  const normals: number[] = []
  const indices: number[] = []
  /** Vertex of a corner (bits of x, y, z) on the face of an axis. */
  const vertex = (corner: number, axis: number): number => 3 * corner + axis
  for (let corner = 0; corner < 8; corner++) {
    for (let axis = 0; axis < 3; axis++) {
      for (let k = 0; k < 3; k++) {
        const sign = (corner >> k) & 1 ? 1 : -1
        positions.push(sign * (k === axis ? half[k]! : half[k]! - b))
        normals.push(k === axis ? sign : 0)
      }
    }
  }
  /** A polygon, turned so that it faces away from the origin. */
  const polygon = (...v: number[]) => {
    const p = (i: number) => [positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!] as const
    const [a, c, d] = [p(v[0]!), p(v[1]!), p(v[2]!)]
    const [e, f] = [
      [c[0] - a[0], c[1] - a[1], c[2] - a[2]],
      [d[0] - a[0], d[1] - a[1], d[2] - a[2]],
    ] as const
    const n = [e[1]! * f[2]! - e[2]! * f[1]!, e[2]! * f[0]! - e[0]! * f[2]!, e[0]! * f[1]! - e[1]! * f[0]!]
    const list = n[0]! * a[0] + n[1]! * a[1] + n[2]! * a[2] < 0 ? [...v].reverse() : v
    for (let i = 2; i < list.length; i++) indices.push(list[0]!, list[i - 1]!, list[i]!)
  }
  for (let axis = 0; axis < 3; axis++) {
    const [u, w] = [1 << ((axis + 1) % 3), 1 << ((axis + 2) % 3)]
    for (const side of [0, 1 << axis]) polygon(...[side, side | u, side | u | w, side | w].map(c => vertex(c, axis)))
    // The four edges along the axis, each between two faces.
    if (b === 0) continue
    const [p, q] = [(axis + 1) % 3, (axis + 2) % 3]
    for (const corner of [0, u, w, u | w]) {
      const far = corner | (1 << axis)
      polygon(vertex(corner, p), vertex(far, p), vertex(far, q), vertex(corner, q))
    }
  }
  for (let corner = 0; corner < 8 && b > 0; corner++) polygon(vertex(corner, 0), vertex(corner, 1), vertex(corner, 2))
  const hull = Array.from({ length: 8 }, (_, c) => [0, 1, 2].map(k => ((c >> k) & 1 ? half[k]! : -half[k]!))).flat()
  return new Solid({ positions, normals, indices, hulls: [hull] })
}

/** A box between two corners; see `box`. */
export const boxBetween = (min: Vec3, max: Vec3, bevel = 0.003): Solid =>
  box([max[0] - min[0], max[1] - min[1], max[2] - min[2]], bevel).at([(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2])
