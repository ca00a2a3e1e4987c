/** Collision hulls from a collision mesh: each of its groups is one hull of a compound. */
import { bounds, boundsSize } from '../mesh/bounds.ts'
import { convexHull } from '../mesh/convex-hull.ts'
import { massProperties } from '../mesh/mass-properties.ts'
import { watertightness } from '../mesh/watertightness.ts'
import { type HullStore, storedHullsOf } from './hulls.ts'

interface Group {
  readonly name: string
  readonly firstTriangle: number
  readonly triangles: number
}

const MAX_VERTICES = 64
/** A closed group that fills less of its hull is meant to be hollow. */
const CONVEX_FILL = 0.9

/**
 * One hull a group (runs of equal names are one group). A closed group that is far from convex is decomposed, so that a pan exported as one
 * piece stays hollow; a flat group is left out. Both are told in `warnings`.
 */
export async function collisionHulls(
  mesh: { readonly positions: Float32Array; readonly indices: Uint32Array; readonly groups: readonly Group[] },
  what: string,
  warnings: string[],
  store?: HullStore,
): Promise<Float32Array[]> {
  const groups = new Map<string, number[]>()
  for (const g of mesh.groups) {
    const list = groups.get(g.name) ?? []
    groups.set(g.name, list)
    for (let i = 3 * g.firstTriangle; i < 3 * (g.firstTriangle + g.triangles); i++) list.push(mesh.indices[i]!)
  }
  const size = Math.max(...boundsSize(bounds(mesh.positions)))
  const hulls: Float32Array[] = []
  for (const [name, indices] of groups) {
    const piece = compact(mesh.positions, indices)
    const label = `${what}: group "${name || '(unnamed)'}"`
    const hull = convexHull(piece.positions, MAX_VERTICES)
    if (!hull || massProperties(hull).volume < 1e-12 * size * size * size) {
      warnings.push(`${label} is flat and makes no collision hull`)
      continue
    }
    const volume = massProperties(piece).volume
    if (volume < CONVEX_FILL * massProperties(hull).volume && watertightness(piece).watertight) {
      const parts = await storedHullsOf(piece, store)
      warnings.push(`${label} is not convex; it was decomposed into ${parts.length} hulls`)
      hulls.push(...parts)
    } else hulls.push(hull.positions)
  }
  return hulls
}

/** The vertices that some triangles use, renumbered. */
function compact(positions: Float32Array, indices: readonly number[]) {
  const number = new Map<number, number>()
  const used: number[] = []
  for (const i of indices) {
    if (number.has(i)) continue
    number.set(i, number.size)
    used.push(positions[3 * i]!, positions[3 * i + 1]!, positions[3 * i + 2]!)
  }
  return { positions: Float32Array.from(used), indices: Uint32Array.from(indices, i => number.get(i)!) }
}
