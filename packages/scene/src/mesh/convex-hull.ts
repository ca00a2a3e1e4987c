/** Convex hulls by quickhull (Barber, Dobkin, Huhdanpaa, "The quickhull algorithm for convex hulls", 1996) with exact side tests. */
import { bounds } from './bounds.ts'
import { GRID, orient3d } from './orient3d.ts'

export interface ConvexHull {
  /** x, y, z of the hull's vertices, a subset of the points given, in their order. */
  readonly positions: Float32Array
  /** The same, not rounded. */
  readonly exact: Float64Array
  /** Counter-clockwise seen from outside. */
  readonly indices: Uint32Array
  /** Largest height of a point left outside above a face's plane, in the points' unit; 0 without a limit on vertices. */
  readonly error: number
}

interface Face {
  readonly v: readonly [number, number, number]
  /** Across the edges v0v1, v1v2, v2v0. */
  readonly next: [Face, Face, Face]
  /** Unit normal and offset on the grid, for distances only. */
  readonly plane: readonly [number, number, number, number]
  outside: number[]
  farthest: number
  distance: number
  dead: boolean
}

/** Points moved to a grid about 2^-40 of their extent wide, where side tests are exact. */
function toGrid(points: ArrayLike<number>): { grid: Float64Array; cell: number } {
  const { min, max } = bounds(points)
  const extent = Math.max(max[0] - min[0], max[1] - min[1], max[2] - min[2])
  // A power of two, so that float32 coordinates of like size land on the grid exactly and what is coplanar stays so.
  let cell = 1
  while (extent > 0 && cell * GRID < extent) cell *= 2
  while (extent > 0 && cell * GRID >= 2 * extent) cell /= 2
  return { grid: Float64Array.from({ length: points.length }, (_, i) => Math.round((points[i]! - min[i % 3]!) / cell)), cell }
}

/** Four points that span a volume, positively oriented, or null when all points lie in one plane. */
function simplex(p: Float64Array): [number, number, number, number] | null {
  const n = p.length / 3
  let axis = 0
  const low = [0, 0, 0]
  const high = [0, 0, 0]
  for (let i = 1; i < n; i++) {
    for (let k = 0; k < 3; k++) {
      if (p[3 * i + k]! < p[3 * low[k]! + k]!) low[k] = i
      if (p[3 * i + k]! > p[3 * high[k]! + k]!) high[k] = i
    }
  }
  const extent = (k: number) => p[3 * high[k]! + k]! - p[3 * low[k]! + k]!
  for (let k = 1; k < 3; k++) if (extent(k) > extent(axis)) axis = k
  const [a, b] = [low[axis]!, high[axis]!]
  if (extent(axis) === 0) return null
  const minus = (i: number, j: number) => [p[3 * i]! - p[3 * j]!, p[3 * i + 1]! - p[3 * j + 1]!, p[3 * i + 2]! - p[3 * j + 2]!] as const
  const cross = (u: readonly number[], v: readonly number[]) =>
    [u[1]! * v[2]! - u[2]! * v[1]!, u[2]! * v[0]! - u[0]! * v[2]!, u[0]! * v[1]! - u[1]! * v[0]!] as const
  const ab = minus(b, a)
  let c = -1
  let most = 0
  for (let i = 0; i < n; i++) {
    const x = cross(ab, minus(i, a))
    const area = x[0] * x[0] + x[1] * x[1] + x[2] * x[2]
    if (area > most) [c, most] = [i, area]
  }
  if (c < 0) return null
  const normal = cross(ab, minus(c, a))
  let d = -1
  let far = -1
  for (let i = 0; i < n; i++) {
    const v = minus(i, a)
    const height = Math.abs(v[0] * normal[0] + v[1] * normal[1] + v[2] * normal[2])
    if (height > far && orient3d(p, a, b, c, i) !== 0) [d, far] = [i, height]
  }
  if (d < 0) return null
  return orient3d(p, a, b, c, d) < 0 ? [a, b, c, d] : [a, c, b, d]
}

/**
 * Convex hull of x, y, z triples. Null when they all lie in one plane. With `maxVertices` or a `tolerance` (points' unit) the farthest outside
 * point is taken first and the hull stops growing at that many vertices, or when no point is farther than the tolerance above a face, so
 * it is a good inner approximation. Same points, same hull; every point given is inside or on it (without limits), up to 2^-39 of the extent.
 */
export function convexHull(points: ArrayLike<number>, maxVertices = Number.POSITIVE_INFINITY, tolerance = 0): ConvexHull | null {
  if (points.length < 12) return null
  const { grid: p, cell } = toGrid(points)
  const first = simplex(p)
  if (!first) return null

  const limited = Number.isFinite(maxVertices) || tolerance > 0
  const makeFace = (a: number, b: number, c: number): Face => {
    const [ux, uy, uz] = [p[3 * b]! - p[3 * a]!, p[3 * b + 1]! - p[3 * a + 1]!, p[3 * b + 2]! - p[3 * a + 2]!]
    const [vx, vy, vz] = [p[3 * c]! - p[3 * a]!, p[3 * c + 1]! - p[3 * a + 1]!, p[3 * c + 2]! - p[3 * a + 2]!]
    const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx]
    const l = Math.sqrt(x * x + y * y + z * z) || 1
    const plane = [x / l, y / l, z / l, (x * p[3 * a]! + y * p[3 * a + 1]! + z * p[3 * a + 2]!) / l] as const
    return { v: [a, b, c], next: [] as never, plane, outside: [], farthest: -1, distance: -1, dead: false }
  }
  const sees = (f: Face, i: number) => orient3d(p, f.v[0], f.v[1], f.v[2], i) > 0
  const claim = (f: Face, i: number) => {
    const d = Math.max(0, f.plane[0] * p[3 * i]! + f.plane[1] * p[3 * i + 1]! + f.plane[2] * p[3 * i + 2]! - f.plane[3])
    f.outside.push(i)
    if (d > f.distance) [f.farthest, f.distance] = [i, d]
  }
  /** The face that a point is highest above. */
  const highest = (among: readonly Face[], i: number): Face => {
    const x = p[3 * i]!
    const y = p[3 * i + 1]!
    const z = p[3 * i + 2]!
    let over = among[0]!
    let best = Number.NEGATIVE_INFINITY
    for (let k = 0; k < among.length; k++) {
      const n = among[k]!.plane
      const height = n[0] * x + n[1] * y + n[2] * z - n[3]
      if (height > best) {
        over = among[k]!
        best = height
      }
    }
    return over
  }
  const distribute = (candidates: Iterable<number>, among: readonly Face[]) => {
    for (const i of candidates) {
      const over = limited ? highest(among, i) : undefined
      const f = over && sees(over, i) ? over : among.find(face => sees(face, i))
      if (f) claim(f, i)
    }
  }

  /** Gives every outside point to the face it is highest above, and returns the face with the highest. */
  const reassign = (among: readonly Face[]): Face | undefined => {
    const loose = among.flatMap(f => f.outside)
    for (const f of among) {
      f.outside = []
      f.farthest = -1
      f.distance = -1
    }
    let most: Face | undefined
    for (const i of loose) {
      const over = highest(among, i)
      if (!sees(over, i)) continue
      claim(over, i)
      if (!most || over.distance > most.distance) most = over
    }
    return most
  }

  const [a, b, c, d] = first
  // Each face runs counter-clockwise seen from outside; its edges are shared, opposite, with the other three.
  let faces = [makeFace(a, b, c), makeFace(a, d, b), makeFace(b, d, c), makeFace(c, d, a)]
  const [abc, adb, bdc, cda] = faces as [Face, Face, Face, Face]
  abc.next.push(adb, bdc, cda)
  adb.next.push(cda, bdc, abc)
  bdc.next.push(adb, cda, abc)
  cda.next.push(bdc, adb, abc)
  distribute(
    Array.from({ length: p.length / 3 }, (_, i) => i),
    faces,
  )

  let vertices = 4
  let scan = 0
  let error = 0
  for (;;) {
    let face: Face | undefined
    if (limited) {
      for (const f of faces) if (!f.dead && f.outside.length > 0 && (!face || f.distance > face.distance)) face = f
      if (vertices >= maxVertices) {
        error = reassign(faces.filter(f => !f.dead))?.distance ?? 0
        break
      }
      if (face && face.distance * cell <= tolerance) {
        // A point just above the face that has it may be far above one made since.
        faces = faces.filter(f => !f.dead)
        face = reassign(faces)
        if (!face || face.distance * cell <= tolerance) {
          error = face?.distance ?? 0
          break
        }
      }
    } else {
      while (scan < faces.length && (faces[scan]!.dead || faces[scan]!.outside.length === 0)) scan++
      face = faces[scan]
    }
    if (!face) break
    const eye = face.farthest
    const visible = [face]
    face.dead = true
    const rim = new Map<number, { to: number; beyond: Face; edge: number }>()
    for (let i = 0; i < visible.length; i++) {
      const f = visible[i]!
      for (let e = 0; e < 3; e++) {
        const g = f.next[e]!
        if (g.dead) continue
        if (sees(g, eye)) {
          g.dead = true
          visible.push(g)
        }
      }
    }
    for (const f of visible) {
      for (let e = 0; e < 3; e++) {
        const g = f.next[e]!
        if (!g.dead) rim.set(f.v[e]!, { to: f.v[(e + 1) % 3]!, beyond: g, edge: g.next.indexOf(f) })
      }
    }
    const fan = new Map<number, Face>()
    for (const [from, { to }] of rim) fan.set(from, makeFace(from, to, eye))
    for (const [from, { to, beyond, edge }] of rim) {
      const f = fan.get(from)!
      const after = fan.get(to)!
      f.next[0] = beyond
      f.next[1] = after
      after.next[2] = f
      beyond.next[edge] = f
    }
    const added = [...fan.values()]
    for (const f of visible) {
      distribute(
        f.outside.filter(i => i !== eye),
        added,
      )
      f.outside = []
    }
    faces.push(...added)
    vertices++
    if (limited && faces.length > 64 + 4 * vertices) faces = faces.filter(f => !f.dead)
  }

  const live = faces.filter(f => !f.dead)
  const used = [...new Set(live.flatMap(f => f.v))].sort((i, j) => i - j)
  const number = new Map(used.map((v, i) => [v, i]))
  const exact = Float64Array.from(used.flatMap(v => [points[3 * v]!, points[3 * v + 1]!, points[3 * v + 2]!]))
  return {
    positions: Float32Array.from(exact),
    exact,
    indices: Uint32Array.from(live.flatMap(f => f.v.map(v => number.get(v)!))),
    error: error * cell,
  }
}
