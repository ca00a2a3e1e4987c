/**
 * Approximate convex decomposition: a solid as a few convex hulls, hollows left open. Axis-aligned cuts of voxels, best first, then
 * merging (in the manner of V-HACD; Mamou, "Volumetric hierarchical approximate convex decomposition", 2016), but the hulls are of the exact
 * clipped surface rather than of voxels, so they touch the mesh and do not stand off it. Deterministic.
 */
import { bounds, boundsSize } from './bounds.ts'
import { convexHull } from './convex-hull.ts'
import { massProperties } from './mass-properties.ts'
import { mergeHulls } from './merge-hulls.ts'
import { type Voxels, voxelise } from './voxels.ts'

export interface DecompositionOptions {
  /** Most hulls in the result. */
  readonly maxHulls?: number
  /** Most vertices in a hull. */
  readonly maxVertices?: number
  /** Volume that a hull may add to its part of the solid, as a share of the whole hull's. */
  readonly tolerance?: number
  /** Voxels in the bounds; finer follows thinner walls and costs time in proportion. */
  readonly voxels?: number
}

interface Piece {
  readonly voxels: Int32Array
  /** Hull volume minus solid volume, in voxels. */
  readonly concavity: number
  readonly whole: boolean
}

/** Convex hulls (x, y, z of their vertices) that together cover a mesh's surface and, where it is closed, its inside. Empty for a flat mesh. */
export function convexDecomposition(
  mesh: { readonly positions: ArrayLike<number>; readonly indices: ArrayLike<number> },
  options: DecompositionOptions = {},
): Float32Array[] {
  const { maxHulls = 48, maxVertices = 64, tolerance = 0.003, voxels: count = 80_000 } = options
  const whole = convexHull(mesh.positions)
  if (!whole) return []
  const hullVolume = massProperties(whole).volume
  const size = Math.max(...boundsSize(bounds(mesh.positions)))
  if (hullVolume < 1e-9 * size * size * size) return []
  // A mesh that fills its hull to a hair is convex.
  if (massProperties(mesh).volume > 0.995 * hullVolume) return [convexHull(mesh.positions, maxVertices)!.positions]

  const voxels = voxelise(mesh, count)
  const cellVolume = voxels.cell * voxels.cell * voxels.cell
  const enough = (tolerance * hullVolume) / cellVolume
  const filled: number[] = []
  for (let i = 0; i < voxels.kind.length; i++) if (voxels.kind[i] !== 0) filled.push(i)
  const mark = new Uint8Array(voxels.kind.length)
  let pieces = connected(Int32Array.from(filled), voxels, mark).map(v => measured(v, voxels))
  while (pieces.length < 2 * maxHulls) {
    let worst = -1
    pieces.forEach((p, i) => {
      if (!p.whole && p.concavity > enough && (worst < 0 || p.concavity > pieces[worst]!.concavity)) worst = i
    })
    if (worst < 0) break
    const parts = split(pieces[worst]!, voxels, mark)
    pieces = [...pieces.slice(0, worst), ...pieces.slice(worst + 1), ...(parts ?? [{ ...pieces[worst]!, whole: true }])]
  }
  const hulls = pieces.flatMap(p => {
    const hull = convexHull(surfacePoints(p.voxels, voxels), maxVertices)
    return hull ? [{ points: hull.positions, solid: Math.min(massProperties(hull).volume, p.voxels.length * cellVolume) }] : []
  })
  return mergeHulls(hulls, maxHulls, maxVertices, tolerance * hullVolume)
}

const coordinates = (i: number, [nx, ny]: readonly number[]) => [i % nx!, Math.floor(i / nx!) % ny!, Math.floor(i / (nx! * ny!))] as const

/** Sets of voxels that touch (faces, edges or corners), in order of their lowest index. `mark` is all 0 before and after. */
function connected(set: Int32Array, { size }: Voxels, mark: Uint8Array): Int32Array[] {
  const [nx, ny] = size
  const steps: number[] = []
  for (let dz = -1; dz <= 1; dz++) for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) steps.push((dz * ny + dy) * nx + dx)
  for (const i of set) mark[i] = 1
  const out: Int32Array[] = []
  for (const start of set) {
    if (mark[start] === 0) continue
    const members = [start]
    mark[start] = 0
    for (let head = 0; head < members.length; head++) {
      for (const step of steps) {
        const j = members[head]! + step
        if (mark[j] === 0) continue
        mark[j] = 0
        members.push(j)
      }
    }
    out.push(Int32Array.from(members).sort())
  }
  return out
}

/** Corners of a set of voxels that can be on its hull: ends of each column along z that are not midway between equal ends. In voxel units. */
function cornerPoints(set: Int32Array, { size }: Voxels): number[] {
  let [x0, y0, x1, y1] = [size[0], size[1], 0, 0]
  for (const i of set) {
    const [x, y] = coordinates(i, size)
    x0 = Math.min(x0, x)
    y0 = Math.min(y0, y)
    x1 = Math.max(x1, x)
    y1 = Math.max(y1, y)
  }
  const width = x1 - x0 + 2
  const depth = y1 - y0 + 2
  const low = new Int32Array(Math.max(0, width * depth)).fill(1 << 30)
  const high = new Int32Array(low.length).fill(-1)
  for (const i of set) {
    const [x, y, z] = coordinates(i, size)
    for (let c = 0; c < 4; c++) {
      const id = (y - y0 + (c >> 1)) * width + x - x0 + (c & 1)
      if (z < low[id]!) low[id] = z
      if (z + 1 > high[id]!) high[id] = z + 1
    }
  }
  const out: number[] = []
  for (let id = 0; id < low.length; id++) {
    if (high[id]! < 0) continue
    const x = id % width
    const y = Math.floor(id / width)
    // A point midway between two others of the same height along x or y is not a corner of the hull.
    const corner = (height: Int32Array) =>
      !(
        (x > 0 && x < width - 1 && height[id - 1] === height[id] && height[id + 1] === height[id]) ||
        (y > 0 && y < depth - 1 && height[id - width] === height[id] && height[id + width] === height[id])
      )
    if (corner(low)) out.push(x0 + x, y0 + y, low[id]!)
    if (corner(high)) out.push(x0 + x, y0 + y, high[id]!)
  }
  return out
}

function measured(set: Int32Array, voxels: Voxels): Piece {
  const hull = convexHull(cornerPoints(set, voxels), 40)!
  return { voxels: set, concavity: massProperties(hull).volume - set.length, whole: set.length < 4 }
}

/** The best axis-aligned cut: its worst part is least concave (the sum would favour thin slices), and it is rather even. */
function split(piece: Piece, voxels: Voxels, mark: Uint8Array): Piece[] | null {
  const at = Array.from(piece.voxels, i => coordinates(i, voxels.size))
  const range = [0, 1, 2].map(axis => {
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    for (const c of at) {
      low = Math.min(low, c[axis]!)
      high = Math.max(high, c[axis]!)
    }
    return [low, high] as const
  })
  let best = null as { parts: Piece[]; score: number; axis: number; plane: number } | null
  const attempt = (axis: number, plane: number) => {
    if (plane <= range[axis]![0] || plane > range[axis]![1]) return
    const left = piece.voxels.filter((_, i) => at[i]![axis]! < plane)
    const right = piece.voxels.filter((_, i) => at[i]![axis]! >= plane)
    if (left.length === 0 || right.length === 0) return
    const parts = [left, right].flatMap(s => connected(s, voxels, mark)).map(s => measured(s, voxels))
    const uneven = Math.abs(left.length - right.length) / piece.voxels.length
    const score = Math.max(...parts.map(p => p.concavity)) + 0.1 * piece.concavity * uneven
    if (!best || score < best.score) best = { parts, score, axis, plane }
  }
  for (let axis = 0; axis < 3; axis++) {
    const [low, high] = range[axis]!
    const cuts = Math.min(high - low, 7)
    for (let k = 1; k <= cuts; k++) attempt(axis, low + Math.round((k * (high - low + 1)) / (cuts + 1)))
  }
  if (!best) return null
  // Then nearer and nearer places on the best axis, so that cuts find the steps of the shape.
  const [low, high] = range[best.axis]!
  for (let step = Math.ceil((high - low) / 16); ; step = Math.ceil(step / 2)) {
    const { axis, plane } = best
    attempt(axis, plane - step)
    attempt(axis, plane + step)
    if (step === 1) break
  }
  return best.parts
}

/** Points whose hull is the hull of the solid inside a set of voxels: the clipped surface and the corners of voxels wholly inside. */
function surfacePoints(set: Int32Array, voxels: Voxels): number[] {
  const { cell, origin, kind, points } = voxels
  const out: number[] = []
  for (const i of set) for (const v of points.get(i) ?? []) out.push(v)
  const inside = cornerPoints(
    set.filter(i => kind[i] === 1),
    voxels,
  )
  for (let i = 0; i < inside.length; i++) out.push(origin[i % 3]! + inside[i]! * cell)
  return out
}
