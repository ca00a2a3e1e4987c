/**
 * A mesh's vertices in small neighbourhoods, each with a bounding ball, so that the extreme projections of a mesh of a hundred thousand vertices
 * are found from a few hundred: a ball that cannot extend the box found so far is skipped. Exact, unlike a sample, and cheaper than a convex hull.
 */
import type { Mesh } from '@dioramic/scene'

export interface Clusters {
  /** x, y, z of the vertices that triangles use, in order of first use (neighbours stay together). */
  readonly vertices: Float64Array
  /** x, y, z and radius of every ball, for `SIZE` consecutive vertices each. Object frame. */
  readonly balls: Float64Array
}

export const SIZE = 64
const cache = new WeakMap<Mesh, Clusters>()

/** Clusters of a mesh, made once a mesh. */
export function clusters(mesh: Mesh): Clusters {
  const known = cache.get(mesh)
  if (known) return known
  const made = build(mesh)
  cache.set(mesh, made)
  return made
}

function build({ positions, indices }: Mesh): Clusters {
  const seen = new Uint8Array(positions.length / 3)
  const vertices = new Float64Array(positions.length)
  let count = 0
  for (const i of indices) {
    if (seen[i]) continue
    seen[i] = 1
    for (let a = 0; a < 3; a++) vertices[3 * count + a] = positions[3 * i + a]
    count++
  }
  const balls = new Float64Array(4 * Math.ceil(count / SIZE))
  for (let b = 0; 4 * b < balls.length; b++) {
    const from = b * SIZE
    const to = Math.min(count, from + SIZE)
    const min = [Infinity, Infinity, Infinity]
    const max = [-Infinity, -Infinity, -Infinity]
    for (let i = from; i < to; i++) {
      for (let a = 0; a < 3; a++) {
        min[a] = Math.min(min[a], vertices[3 * i + a])
        max[a] = Math.max(max[a], vertices[3 * i + a])
      }
    }
    const half = [0, 1, 2].map(a => (max[a] - min[a]) / 2)
    balls.set(
      [min[0] + half[0], min[1] + half[1], min[2] + half[2], Math.sqrt(half[0] * half[0] + half[1] * half[1] + half[2] * half[2])],
      4 * b,
    )
  }
  return { vertices: vertices.subarray(0, 3 * count), balls }
}
