/** How the shapes are put together before they become meshes: plain f64 lists, in whatever size and place is handy. */
import { cos, sin } from '../maths/portable.ts'
import type { Vec3 } from '../maths/vec3.ts'
import { bounds } from '../mesh/bounds.ts'

export interface Surface {
  positions: number[]
  indices: number[]
  uvs: number[]
  /** Unit normals where the shape knows them; otherwise they come from the faces and `creaseAngle`. */
  normals?: number[]
  /** Radians; edges that turn more stay sharp. */
  creaseAngle?: number
}

export interface Shape {
  readonly surface: Surface
  /** Convex pieces for collision, in the surface's own frame. */
  readonly hulls: readonly (readonly Vec3[])[]
}

/** Cosine and sine of `n` equal steps of the circle, with entry n equal to entry 0 so that seams close exactly. */
export function circle(n: number): readonly (readonly [number, number])[] {
  return Array.from({ length: n + 1 }, (_, i) => {
    const a = (2 * Math.PI * (i % n)) / n
    return [cos(a), sin(a)] as const
  })
}

/**
 * Quads over an (nu + 1) × (nv + 1) grid of points; u is to the right and v up when seen from outside. The caller makes the last row or
 * column equal to the first where the surface closes. Triangles with two corners at one point (poles) are left out.
 */
export function gridSurface(
  nu: number,
  nv: number,
  point: (i: number, j: number) => Vec3,
  uv: (i: number, j: number) => readonly [number, number] = (i, j) => [i / nu, j / nv],
): Surface {
  const s: Surface = { positions: [], indices: [], uvs: [] }
  for (let j = 0; j <= nv; j++) {
    for (let i = 0; i <= nu; i++) {
      s.positions.push(...point(i, j))
      s.uvs.push(...uv(i, j))
    }
  }
  const same = (a: number, b: number) => [0, 1, 2].every(k => s.positions[3 * a + k] === s.positions[3 * b + k])
  const add = (a: number, b: number, c: number) => {
    if (!same(a, b) && !same(b, c) && !same(c, a)) s.indices.push(a, b, c)
  }
  for (let j = 0; j < nv; j++) {
    for (let i = 0; i < nu; i++) {
      const a = j * (nu + 1) + i
      const c = a + nu + 1
      add(a, a + 1, c + 1)
      add(a, c + 1, c)
    }
  }
  return s
}

/** One surface after another; normals are kept only when all have them. */
export function join(...surfaces: readonly Surface[]): Surface {
  const out: Surface = { positions: [], indices: [], uvs: [] }
  const normals: number[] = []
  for (const s of surfaces) {
    const base = out.positions.length / 3
    for (const x of s.positions) out.positions.push(x)
    for (const x of s.uvs) out.uvs.push(x)
    for (const i of s.indices) out.indices.push(base + i)
    for (const x of s.normals ?? []) normals.push(x)
  }
  if (normals.length === out.positions.length) out.normals = normals
  return out
}

/** A flat disc of `n` triangles around its centre, facing +Z or −Z, with its picture at `uvCentre` and of radius `uvRadius`. */
export function disc(n: number, radius: number, z: number, facing: 1 | -1, uvCentre: readonly [number, number], uvRadius: number): Surface {
  const s: Surface = { positions: [0, 0, z], indices: [], uvs: [...uvCentre] }
  circle(n).forEach(([c, sn], i) => {
    s.positions.push(radius * c, radius * sn, z)
    s.uvs.push(uvCentre[0] + uvRadius * c, uvCentre[1] + facing * uvRadius * sn)
    if (i < n) s.indices.push(0, facing > 0 ? i + 1 : i + 2, facing > 0 ? i + 2 : i + 1)
  })
  return s
}

/**
 * Texture coordinates by projection along the axis nearest each face's normal, the longest edge of the bounds spanning [0, 1].
 * Vertices are split where neighbouring faces project along different axes.
 */
export function boxUvs(s: Pick<Surface, 'positions' | 'indices' | 'normals' | 'creaseAngle'>): Surface {
  const b = bounds(s.positions)
  const size = Math.max(b.max[0] - b.min[0], b.max[1] - b.min[1], b.max[2] - b.min[2])
  const middle = [0, 1, 2].map(k => (b.min[k]! + b.max[k]!) / 2)
  const out: Surface = { ...s, positions: [], indices: [], uvs: [] }
  const normals: number[] = []
  const made = new Map<number, number>()
  const p = s.positions
  for (let t = 0; t < s.indices.length; t += 3) {
    const [a, c, d] = [3 * s.indices[t]!, 3 * s.indices[t + 1]!, 3 * s.indices[t + 2]!]
    const e = [0, 1, 2].map(k => p[c + k]! - p[a + k]!)
    const f = [0, 1, 2].map(k => p[d + k]! - p[a + k]!)
    const n = [e[1]! * f[2]! - e[2]! * f[1]!, e[2]! * f[0]! - e[0]! * f[2]!, e[0]! * f[1]! - e[1]! * f[0]!]
    const m = n.map(Math.abs)
    const axis = m[2]! >= m[0]! && m[2]! >= m[1]! ? 2 : m[0]! >= m[1]! ? 0 : 1
    const chart = 2 * axis + (n[axis]! < 0 ? 1 : 0)
    const [uAxis, vAxis] = [axis === 0 ? 1 : 0, axis === 2 ? 1 : 2]
    // Seen from outside with +Z up (+Y for top and bottom), u runs to the right.
    const mirror = [1, -1, -1, 1, 1, -1][chart]!
    for (const v of [a / 3, c / 3, d / 3]) {
      const id = v * 6 + chart
      let i = made.get(id)
      if (i === undefined) {
        i = out.positions.length / 3
        made.set(id, i)
        out.positions.push(p[3 * v]!, p[3 * v + 1]!, p[3 * v + 2]!)
        out.uvs.push(0.5 + (mirror * (p[3 * v + uAxis]! - middle[uAxis]!)) / size, 0.5 + (p[3 * v + vAxis]! - middle[vAxis]!) / size)
        if (s.normals) normals.push(s.normals[3 * v]!, s.normals[3 * v + 1]!, s.normals[3 * v + 2]!)
      }
      out.indices.push(i)
    }
  }
  if (s.normals) out.normals = normals
  return out
}
