/**
 * Approximate convex decomposition: a solid as a few convex hulls that follow its visible surface to a tolerance, hollows left open. The
 * bounds are cut by axis-aligned planes, each laid through the place where a hull stands farthest off the surface, until none stands off by
 * more; then hulls are joined while the tolerance holds. The error is measured at the surface, as in CoACD (Wei et al., "Approximate convex
 * decomposition for 3D meshes with collision-aware concavity and tree search", 2022), rather than by volume, and hulls are of the
 * exact clipped surface, so they touch it. Deterministic.
 */
import { type Bounds, bounds, boundsSize } from './bounds.ts'
import { type Cell, cellHull, type Place, polygonSamples, splitCell, wholeCell } from './cells.ts'
import { type ConvexHull, convexHull } from './convex-hull.ts'
import { massProperties } from './mass-properties.ts'
import { mergeHulls } from './merge-hulls.ts'
import { facePlanes, proud } from './stand-off.ts'
import { reachable, type SurfaceSamples, surfaceSamples } from './surface-samples.ts'
import { type Voxels, voxelise } from './voxels.ts'

export interface DecompositionOptions {
  /** Most hulls in the result; where that is not enough, the tolerance gives way. */
  readonly maxHulls?: number
  /** Most vertices in a hull. */
  readonly maxVertices?: number
  /** Most that a hull may stand off the surface, in the mesh's unit. Default: `standOffLimit` of its size, less a fifth. */
  readonly tolerance?: number
  /** Voxels in the bounds; they tell inside from outside and close slots that are narrower than two. */
  readonly voxels?: number
}

/** How far collision hulls may stand off a surface of this size (longest edge, metres): 1 mm or 0.5 %, but never more than 1.25 %. */
export const standOffLimit = (size: number): number => Math.min(Math.max(0.001, 0.005 * size), 0.0125 * size)

const SAMPLES = 8000
const FEW = 300
/** Most cells, in terms of `maxHulls`. */
const CELLS = 3.5

interface Piece {
  readonly cell: Cell
  readonly hull: ConvexHull
  /** Sum over its samples of what the hull stands proud beyond the tolerance. */
  readonly excess: number
  /** Where it stands farthest off. */
  readonly worst: Place
}

/** Convex hulls (x, y, z of their vertices) that together cover a mesh's surface and, where it is closed, its inside. Empty for a flat mesh. */
export function convexDecomposition(
  mesh: { readonly positions: ArrayLike<number>; readonly indices: ArrayLike<number> },
  options: DecompositionOptions = {},
): Float32Array[] {
  const { maxHulls = 128, maxVertices = 256, voxels: count = 60_000 } = options
  const outer = bounds(mesh.positions)
  const size = Math.max(...boundsSize(outer))
  const tolerance = options.tolerance ?? 0.8 * standOffLimit(size)
  const fine = tolerance / 10
  const whole = convexHull(mesh.positions)
  if (!whole || massProperties(whole).volume < 1e-9 * size * size * size) return []
  const finish = (points: ArrayLike<number>) => convexHull(points, maxVertices, tolerance / 5)!.positions

  const all = surfaceSamples(mesh, SAMPLES)
  const planes = facePlanes(whole, outer)
  let convex = true
  for (let i = 0; 3 * i < all.points.length && convex; i++) convex = proud(planes, all, i) <= tolerance
  if (convex) return [finish(mesh.positions)]

  const voxels = voxelise(mesh, count)
  const samples = reachable(all, voxels)
  const measured = (cell: Cell, hull = cellHull(cell, voxels, fine, tolerance)) => measure(cell, hull, samples, voxels, outer, tolerance)
  let pieces = [measured(wholeCell(mesh, samples), whole)].filter(p => p !== null)
  while (pieces.length < CELLS * maxHulls) {
    let most = 0
    for (let i = 1; i < pieces.length; i++) if (pieces[i]!.excess > pieces[most]!.excess) most = i
    const piece = pieces[most]
    if (!piece || piece.excess === 0) break
    const halves = splitCell(piece.cell, samples, piece.worst, tolerance)
    const parts = halves ? halves.map(h => measured(h)).filter(p => p !== null) : [{ ...piece, excess: 0 }]
    pieces = [...pieces.slice(0, most), ...pieces.slice(most + 1), ...parts]
  }
  return mergeHulls(
    pieces.map(p => p.hull),
    samples,
    { maxHulls, outer, tolerance, fine },
  ).map(finish)
}

function measure(
  cell: Cell,
  hull: ConvexHull | null,
  samples: SurfaceSamples,
  voxels: Voxels,
  outer: Bounds,
  tolerance: number,
): Piece | null {
  if (!hull) return null
  const planes = facePlanes(hull, outer)
  let excess = 0
  let worst: Place = { point: cell.min, normal: [0, 0, 0] }
  let most = 0
  const look = (at: SurfaceSamples, i: number) => {
    const off = proud(planes, at, i)
    if (off <= tolerance) return
    excess += off - tolerance
    if (off > most) {
      most = off
      worst = { point: [...at.points.subarray(3 * i, 3 * i + 3)], normal: [...at.normals.subarray(3 * i, 3 * i + 3)] }
    }
  }
  for (const i of cell.samples) look(samples, i)
  // A thin slice may have missed the samples, and span a hollow unseen.
  if (cell.samples.length < FEW) {
    const own = reachable(polygonSamples(cell.polygons), voxels)
    for (let i = 0; 3 * i < own.points.length; i++) look(own, i)
  }
  return { cell, hull, excess, worst }
}
