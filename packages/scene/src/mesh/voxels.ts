import { bounds } from './bounds.ts'

/** A mesh cut into cubes: which cubes its solid fills, and the exact pieces of its surface in each. */
export interface Voxels {
  readonly origin: readonly [number, number, number]
  readonly cell: number
  readonly size: readonly [number, number, number]
  /** 0 outside, 1 inside, 2 crossed by the surface. Index (z · ny + y) · nx + x; the outermost layer is always 0. */
  readonly kind: Uint8Array
  /** Corners of the triangles clipped to a crossed voxel: x, y, z triples. */
  readonly points: ReadonlyMap<number, number[]>
}

type Polygon = number[]

/** The part of a convex polygon (x, y, z triples) with low ≤ coordinate ≤ high along an axis. */
function clip(polygon: Polygon, axis: number, low: number, high: number): Polygon {
  let from = polygon
  for (const [limit, sign] of [
    [low, 1],
    [high, -1],
  ] as const) {
    const out: Polygon = []
    const n = from.length
    for (let i = 0; i < n; i += 3) {
      const j = (i + 3) % n
      const a = sign * (from[i + axis]! - limit)
      const b = sign * (from[j + axis]! - limit)
      if (a >= 0) out.push(from[i]!, from[i + 1]!, from[i + 2]!)
      if (a >= 0 !== b >= 0) {
        const t = a / (a - b)
        const at = out.length
        for (let k = 0; k < 3; k++) out.push(from[i + k]! + (from[j + k]! - from[i + k]!) * t)
        out[at + axis] = limit
      }
    }
    from = out
  }
  return from
}

/**
 * Voxels of a mesh, about `count` in its bounds. Inside is what a flood from outside cannot reach, so small holes in the surface close and
 * a surface with large ones is solid only where it is.
 */
export function voxelise(mesh: { readonly positions: ArrayLike<number>; readonly indices: ArrayLike<number> }, count: number): Voxels {
  const { min, max } = bounds(mesh.positions)
  const extent = [0, 1, 2].map(k => max[k]! - min[k]!)
  const longest = Math.max(...extent)
  const volume = extent.reduce((v, e) => v * Math.max(e, longest / 64), 1)
  // Largest of a few cube sizes that keeps to the count; exact roots are not worth a transcendental.
  let cell = longest
  while (volume / (cell * cell * cell) < count) cell *= 0.97
  const size = extent.map(e => Math.max(1, Math.ceil(e / cell + 1e-6)) + 2) as [number, number, number]
  const origin = [0, 1, 2].map(k => (min[k]! + max[k]!) / 2 - (size[k]! * cell) / 2) as [number, number, number]
  const [nx, ny, nz] = size
  const kind = new Uint8Array(nx * ny * nz)
  const points = new Map<number, number[]>()
  const range = (polygon: Polygon, axis: number) => {
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    for (let i = axis; i < polygon.length; i += 3) {
      low = Math.min(low, polygon[i]!)
      high = Math.max(high, polygon[i]!)
    }
    const clamp = (v: number) => Math.min(size[axis]! - 2, Math.max(1, Math.floor((v - origin[axis]!) / cell)))
    return [clamp(low), clamp(high)] as const
  }
  const slab = (polygon: Polygon, axis: number, i: number, whole: boolean) =>
    whole ? polygon : clip(polygon, axis, origin[axis]! + i * cell, origin[axis]! + (i + 1) * cell)
  const p = mesh.positions
  for (let t = 0; t + 2 < mesh.indices.length; t += 3) {
    const triangle: Polygon = []
    for (let c = 0; c < 3; c++) for (let k = 0; k < 3; k++) triangle.push(p[3 * mesh.indices[t + c]! + k]!)
    const [x0, x1] = range(triangle, 0)
    for (let x = x0; x <= x1; x++) {
      const inX = slab(triangle, 0, x, x0 === x1)
      if (inX.length === 0) continue
      const [y0, y1] = range(inX, 1)
      for (let y = y0; y <= y1; y++) {
        const inY = slab(inX, 1, y, y0 === y1)
        if (inY.length === 0) continue
        const [z0, z1] = range(inY, 2)
        for (let z = z0; z <= z1; z++) {
          const inZ = slab(inY, 2, z, z0 === z1)
          if (inZ.length === 0) continue
          const at = (z * ny + y) * nx + x
          kind[at] = 2
          const list = points.get(at)
          if (list) for (const v of inZ) list.push(v)
          else points.set(at, [...inZ])
        }
      }
    }
  }
  fillInside(kind, nx, ny, nz)
  return { origin, cell, size, kind, points }
}

/** Marks as inside (1) every voxel that six-neighbour steps from a corner cannot reach. */
function fillInside(kind: Uint8Array, nx: number, ny: number, nz: number) {
  const outside = new Uint8Array(kind.length)
  const stack = [0]
  outside[0] = 1
  while (stack.length > 0) {
    const i = stack.pop()!
    const x = i % nx
    const y = Math.floor(i / nx) % ny
    const z = Math.floor(i / (nx * ny))
    const visit = (j: number) => {
      if (outside[j] || kind[j] !== 0) return
      outside[j] = 1
      stack.push(j)
    }
    if (x > 0) visit(i - 1)
    if (x < nx - 1) visit(i + 1)
    if (y > 0) visit(i - nx)
    if (y < ny - 1) visit(i + nx)
    if (z > 0) visit(i - nx * ny)
    if (z < nz - 1) visit(i + nx * ny)
  }
  for (let i = 0; i < kind.length; i++) if (kind[i] === 0 && !outside[i]) kind[i] = 1
}
