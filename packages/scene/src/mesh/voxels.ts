import { bounds } from './bounds.ts'
import { clipHalf } from './clip.ts'

/** A mesh cut into cubes: which of them its solid fills. */
export interface Voxels {
  readonly origin: readonly [number, number, number]
  readonly cell: number
  readonly size: readonly [number, number, number]
  /** 0 outside, 1 inside, 2 crossed by the surface. Index (z · ny + y) · nx + x; the outermost layer is always 0. */
  readonly kind: Uint8Array
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
  const place = (v: number, axis: number) => Math.min(size[axis]! - 2, Math.max(1, Math.floor((v - origin[axis]!) / cell)))
  const low = (polygon: readonly number[], axis: number) => {
    let least = polygon[axis]!
    for (let i = axis + 3; i < polygon.length; i += 3) if (polygon[i]! < least) least = polygon[i]!
    return place(least, axis)
  }
  const high = (polygon: readonly number[], axis: number) => {
    let most = polygon[axis]!
    for (let i = axis + 3; i < polygon.length; i += 3) if (polygon[i]! > most) most = polygon[i]!
    return place(most, axis)
  }
  const slab = (polygon: readonly number[], axis: number, i: number) =>
    clipHalf(clipHalf(polygon, axis, origin[axis]! + i * cell, 1), axis, origin[axis]! + (i + 1) * cell, -1)
  const p = mesh.positions
  for (let t = 0; t + 2 < mesh.indices.length; t += 3) {
    const triangle: number[] = []
    for (let c = 0; c < 3; c++) {
      const i = 3 * mesh.indices[t + c]!
      triangle.push(p[i]!, p[i + 1]!, p[i + 2]!)
    }
    const [x0, x1] = [low(triangle, 0), high(triangle, 0)]
    for (let x = x0; x <= x1; x++) {
      const inX = x0 === x1 ? triangle : slab(triangle, 0, x)
      if (inX.length === 0) continue
      const [y0, y1] = [low(inX, 1), high(inX, 1)]
      for (let y = y0; y <= y1; y++) {
        const inY = y0 === y1 ? inX : slab(inX, 1, y)
        if (inY.length === 0) continue
        const [z0, z1] = [low(inY, 2), high(inY, 2)]
        for (let z = z0; z <= z1; z++) kind[(z * ny + y) * nx + x] = 2
      }
    }
  }
  fillInside(kind, nx, ny, nz)
  return { origin, cell, size, kind }
}

/** What the voxel at a point holds: 0 outside (also beyond the grid), 1 inside, 2 surface. */
export function kindAt({ origin, cell, size, kind }: Voxels, x: number, y: number, z: number): number {
  const i = Math.floor((x - origin[0]) / cell)
  const j = Math.floor((y - origin[1]) / cell)
  const k = Math.floor((z - origin[2]) / cell)
  if (i < 0 || j < 0 || k < 0 || i >= size[0] || j >= size[1] || k >= size[2]) return 0
  return kind[(k * size[1] + j) * size[0] + i]!
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
