/** Round bars along a path: handles, rings, pipes. */
import { portable, type Vec3, vec3 } from '@dioramic/scene'
import type { Solid } from './solid.ts'

const SIDES = 14

/**
 * A bar of a radius along points; ends are flat. With `closed` it runs back to the first point.
 *
 * @param flatten factor on its thickness across the plane of the path's first bend: straps are flat
 */
export function tube(path: readonly Vec3[], radius: number, { closed = false, flatten = 1 } = {}): Solid {
  const n = path.length
  const tangent = (i: number): Vec3 => {
    const before = closed ? path[(i + n - 1) % n]! : path[Math.max(0, i - 1)]!
    const after = closed ? path[(i + 1) % n]! : path[Math.min(n - 1, i + 1)]!
    return vec3.normalize(vec3.sub(after, before))
  }
  // One side vector for a plane path: its normal; it needs no transport.
  const bend = vec3.cross(vec3.sub(path[1]!, path[0]!), vec3.sub(path[Math.floor(n / 2)]!, path[0]!))
  const t0 = tangent(0)
  const side: Vec3 =
    vec3.length(bend) > 1e-9 ? vec3.normalize(bend) : vec3.normalize(vec3.cross(t0, Math.abs(t0[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0]))
  const rows = closed ? n + 1 : n
  const positions: number[] = []
  const uvs: number[] = []
  const indices: number[] = []
  const rings: Vec3[][] = []
  for (let j = 0; j < rows; j++) {
    const p = path[j % n]!
    const out = vec3.cross(side, tangent(j % n))
    const ring = Array.from({ length: SIDES }, (_, i): Vec3 => {
      const a = (2 * Math.PI * i) / SIDES
      return vec3.add(p, vec3.add(vec3.scale(out, radius * portable.cos(a)), vec3.scale(side, radius * flatten * portable.sin(a))))
    })
    rings.push(ring)
    for (let i = 0; i <= SIDES; i++) {
      positions.push(...ring[i % SIDES]!)
      uvs.push(i / SIDES, j / (rows - 1))
    }
  }
  for (let j = 0; j + 1 < rows; j++)
    for (let i = 0; i < SIDES; i++) {
      const a = j * (SIDES + 1) + i
      const c = a + SIDES + 1
      indices.push(a, a + 1, c + 1, a, c + 1, c)
    }
  if (!closed)
    for (const [row, facing] of [
      [0, -1],
      [n - 1, 1],
    ] as const) {
      const base = positions.length / 3
      positions.push(...path[row]!)
      uvs.push(0.5, 0.5)
      for (let i = 0; i <= SIDES; i++) {
        positions.push(...rings[row]![i % SIDES]!)
        uvs.push(0.5, 0.5)
      }
      for (let i = 0; i < SIDES; i++) indices.push(base, base + (facing > 0 ? i + 1 : i + 2), base + (facing > 0 ? i + 2 : i + 1))
    }
  const hulls = Array.from({ length: rows - 1 }, (_, j) => [...rings[j]!, ...rings[j + 1]!].flatMap(p => [...p]))
  return { positions, indices, uvs, hulls }
}

/** Points of an arc in the plane x–z about a centre, angles in radians from +X towards +Z. */
export function arc(centre: Vec3, radius: number, from: number, to: number, steps: number, stretch = 1): Vec3[] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const a = from + ((to - from) * i) / steps
    return vec3.add(centre, [radius * portable.cos(a), 0, stretch * radius * portable.sin(a)])
  })
}
