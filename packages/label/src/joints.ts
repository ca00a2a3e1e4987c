/** Joints of deforming bodies: which triangles each carries. */
import { INFLUENCES, type Mesh, type Rig } from '@dioramic/scene'

const cache = new WeakMap<Rig, readonly Uint8Array[]>()

/**
 * For each joint, 1 for every triangle with a corner that it moves. A joint that moves no vertex (the end of a chain, a root of roots) has the triangles of
 * the nearest joint above it that does; none where there is none.
 */
export function carriedTriangles(rig: Rig, { indices }: Mesh): readonly Uint8Array[] {
  const known = cache.get(rig)
  if (known) return known
  const own = rig.joints.map(() => new Uint8Array(indices.length / 3))
  const moves = new Uint8Array(rig.joints.length)
  for (let c = 0; rig.skin && c < indices.length; c++) {
    for (let k = INFLUENCES * indices[c]; k < INFLUENCES * (indices[c] + 1); k++) {
      if (rig.skin.weights[k] === 0) continue
      own[rig.skin.indices[k]][Math.floor(c / 3)] = 1
      moves[rig.skin.indices[k]] = 1
    }
  }
  const made = rig.joints.map((_, j) => {
    let k = j
    while (k >= 0 && !moves[k]) k = rig.joints[k].parent
    return k < 0 ? new Uint8Array(indices.length / 3) : own[k]
  })
  cache.set(rig, made)
  return made
}
