/** A mesh from a file in metres, +Z up, without degenerate triangles, one part a material, with unit normals. */

import { bounds, boundsSize } from '../mesh/bounds.ts'
import { checkMesh } from '../mesh/check.ts'
import { computeNormals } from '../mesh/normals.ts'
import type { Mesh } from '../mesh.ts'
import { AssetError } from './error.ts'
import type { SourceMesh } from './read-mesh.ts'
import { suggestUnits, unitName } from './units.ts'

export const MAX_TRIANGLES = 5_000_000
const CREASE = Math.PI / 5
/** From this many triangles on, a mesh with one normal a face throughout is a curved thing exported flat, and is shaded smoothly. */
const FACETED = 1000

export type Up = 'z' | 'y'

/** Positions scaled to metres and, for +Y up, turned a quarter about X: (x, y, z) → (x, −z, y). Throws for a number that is not finite. */
export function toMetres(positions: ArrayLike<number>, metres: number, up: Up): Float32Array {
  const out = new Float32Array(positions.length)
  for (let i = 0; i < positions.length; i += 3) {
    const [x, y, z] = [positions[i]! * metres, positions[i + 1]! * metres, positions[i + 2]! * metres]
    if (!Number.isFinite(x + y + z))
      throw new AssetError(`vertex ${i / 3} is at (${positions[i]}, ${positions[i + 1]}, ${positions[i + 2]}); all must be finite`)
    out[i] = x
    out[i + 1] = up === 'y' ? 0 - z : y
    out[i + 2] = up === 'y' ? y : z
  }
  return out
}

/** @returns the mesh, and the source's vertex that each of its vertices is */
export function normalise(
  source: SourceMesh,
  metres: number,
  up: Up,
  warnings: string[],
): { readonly mesh: Mesh; readonly from: Uint32Array } {
  const triangles = source.indices.length / 3
  if (triangles === 0) throw new AssetError('it has no triangles')
  if (triangles > MAX_TRIANGLES) throw new AssetError(`it has ${triangles} triangles; at most ${MAX_TRIANGLES} are read. Simplify it first`)
  const positions = toMetres(source.positions, metres, up)
  const { order, runs, dropped } = sortedTriangles(source, positions)
  if (order.length === 0) throw new AssetError('it has no area: all its triangles are degenerate (points or lines)')
  if (dropped > 0) warnings.push(`${dropped} degenerate triangles (of ${triangles}) were dropped`)
  const indices = new Uint32Array(order.length * 3)
  order.forEach((t, i) => {
    indices.set(source.indices.subarray(3 * t, 3 * t + 3), 3 * i)
  })
  const uvs = source.uvs ?? null
  const faceted = triangles >= FACETED && source.normals !== undefined && isFaceted(source.normals, source.indices)
  const own = source.normals && !faceted ? unitNormals(source.normals, up) : null
  const shaded = own
    ? { positions, indices, uvs, normals: own, from: Uint32Array.from({ length: positions.length / 3 }, (_, i) => i) }
    : computeNormals({ positions, indices, uvs }, CREASE, source.rig !== undefined)
  checkMesh('it', shaded)
  checkSize(shaded.positions, metres, warnings)
  const { from, ...arrays } = shaded
  return { mesh: { ...arrays, parts: runs }, from }
}

/** Triangles with an area, ordered by material in order of first appearance, and the run of each. */
function sortedTriangles(source: SourceMesh, p: Float32Array) {
  const lists = new Map<string | null, number[]>()
  let dropped = 0
  for (const g of source.groups) {
    const list = lists.get(g.material) ?? []
    lists.set(g.material, list)
    for (let t = g.firstTriangle; t < g.firstTriangle + g.triangles; t++) {
      const [a, b, c] = [3 * source.indices[3 * t]!, 3 * source.indices[3 * t + 1]!, 3 * source.indices[3 * t + 2]!]
      const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!]
      const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!]
      if (uy * vz === uz * vy && uz * vx === ux * vz && ux * vy === uy * vx) dropped++
      else list.push(t)
    }
  }
  const order: number[] = []
  const runs: { firstTriangle: number; triangles: number; material: string | null }[] = []
  for (const [material, list] of lists) {
    if (list.length === 0) continue
    runs.push({ firstTriangle: order.length, triangles: list.length, material })
    for (const t of list) order.push(t)
  }
  return { order, runs, dropped }
}

/** Normals turned and made unit, or null when one is zero or not finite, so that all are made anew. */
function unitNormals(normals: Float32Array, up: Up): Float32Array | null {
  const out = new Float32Array(normals.length)
  for (let i = 0; i < normals.length; i += 3) {
    const [x, y, z] = [normals[i]!, normals[i + 1]!, normals[i + 2]!]
    const l = Math.sqrt(x * x + y * y + z * z)
    if (!(l > 1e-6 && Number.isFinite(l))) return null
    out[i] = x / l
    out[i + 1] = (up === 'y' ? 0 - z : y) / l
    out[i + 2] = (up === 'y' ? y : z) / l
  }
  return out
}

/** Whether all three corners of every triangle have one normal. */
function isFaceted(n: Float32Array, indices: Uint32Array): boolean {
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [3 * indices[t]!, 3 * indices[t + 1]!, 3 * indices[t + 2]!]
    for (let k = 0; k < 3; k++) if (n[a + k] !== n[b + k] || n[a + k] !== n[c + k]) return false
  }
  return true
}

function checkSize(positions: Float32Array, metres: number, warnings: string[]) {
  const longest = Math.max(...boundsSize(bounds(positions)))
  if (longest >= 0.001 && longest <= 100) return
  const guess = suggestUnits(longest / metres)
  warnings.push(
    `its longest edge is ${longest.toPrecision(3)} m, read in ${unitName(metres)}: units?${guess ? ` In ${guess} it would be sensible` : ''}`,
  )
}
