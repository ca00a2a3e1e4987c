import { weld } from './weld.ts'

export interface Watertightness {
  /** No boundary, no non-manifold edge, no two triangles that disagree about the outside. */
  readonly watertight: boolean
  /** Edges with one triangle only: the rims of holes. */
  readonly boundaryEdges: number
  /** Edges with three or more triangles. */
  readonly nonManifoldEdges: number
  /** Edges whose two triangles run the same way, so one of them is inside out. */
  readonly misorientedEdges: number
  /** Pieces connected through shared vertices. */
  readonly components: number
  /** Triangles with two corners at one place; left out of the counts above. */
  readonly degenerateTriangles: number
}

/** Topology of a mesh after joining vertices at equal positions. */
export function watertightness(
  mesh: { readonly positions: ArrayLike<number>; readonly indices: ArrayLike<number> },
  tolerance = 0,
): Watertightness {
  const { place, count } = weld(mesh.positions, tolerance)
  const triangles = Math.floor(mesh.indices.length / 3)
  const keys = new Float64Array(triangles * 3)
  const parent = Uint32Array.from({ length: count }, (_, i) => i)
  const find = (i: number) => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]!]!
    return i
  }
  const used = new Uint8Array(count)
  let edges = 0
  let degenerateTriangles = 0
  for (let t = 0; t < triangles; t++) {
    const a = place[mesh.indices[3 * t]!]!
    const b = place[mesh.indices[3 * t + 1]!]!
    const c = place[mesh.indices[3 * t + 2]!]!
    if (a === b || b === c || c === a) {
      degenerateTriangles++
      continue
    }
    for (const [i, j] of [
      [a, b],
      [b, c],
      [c, a],
    ] as const) {
      // Undirected edge in the high part, direction in the lowest bit: below 2^53 for up to 67 million places.
      keys[edges++] = i < j ? (i * count + j) * 2 : (j * count + i) * 2 + 1
    }
    used[a] = used[b] = used[c] = 1
    parent[find(a)] = find(b)
    parent[find(b)] = find(c)
  }
  const sorted = keys.subarray(0, edges).sort()
  let boundaryEdges = 0
  let nonManifoldEdges = 0
  let misorientedEdges = 0
  for (let i = 0; i < edges; ) {
    const edge = Math.floor(sorted[i]! / 2)
    let j = i
    while (j < edges && Math.floor(sorted[j]! / 2) === edge) j++
    if (j - i === 1) boundaryEdges++
    else if (j - i > 2) nonManifoldEdges++
    else if (sorted[i] === sorted[i + 1]) misorientedEdges++
    i = j
  }
  let components = 0
  for (let i = 0; i < count; i++) if (used[i] && find(i) === i) components++
  return {
    watertight: edges > 0 && boundaryEdges + nonManifoldEdges + misorientedEdges === 0,
    boundaryEdges,
    nonManifoldEdges,
    misorientedEdges,
    components,
    degenerateTriangles,
  }
}
