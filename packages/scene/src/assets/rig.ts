/** The rig of an imported mesh: over its own vertices, in metres, +Z up. */
import { checkedMorphs } from '../deformation/inline-rig.ts'
import { makeSkin, type Rig } from '../deformation/rig.ts'
import type { Mesh } from '../mesh.ts'
import { type Frame, type SourceRig, turnedJoints, turnedVectors } from './gltf-rig.ts'

/** `from`: the source's vertex that each vertex of the mesh is. Throws `MeshError` for weights or targets that cannot be used. */
export function importedRig(source: SourceRig, mesh: Mesh, from: Uint32Array, frame: Frame, warnings: string[]): Rig {
  const { influences } = source
  const at = (list: ArrayLike<number>) =>
    Float64Array.from(
      { length: influences * from.length },
      (_, i) => list[influences * from[Math.floor(i / influences)]! + (i % influences)]!,
    )
  const weights = at(source.weights)
  let off = 0
  for (let v = 0; v < from.length; v++) {
    const mine = weights.subarray(influences * v, influences * (v + 1))
    const sum = mine.reduce((s, w) => s + w, 0)
    if (!(sum > 0)) continue
    off = Math.max(off, Math.abs(sum - 1))
    for (let k = 0; k < influences; k++) mine[k]! /= sum
  }
  if (off > 0.01)
    warnings.push(
      `the skin weights of some vertices sum to another number than 1, off by up to ${off.toPrecision(2)}; they were made to sum to 1`,
    )
  const { skin, dropped } = makeSkin('it', from.length, source.joints.length, influences, at(source.indices), weights)
  if (dropped > 0)
    warnings.push(
      `some vertices follow more than 4 joints; the 4 heaviest were kept and made to sum to 1 (up to ${(100 * dropped).toPrecision(2)} % of a vertex was left out)`,
    )
  const morphs = checkedMorphs(
    'it',
    mesh,
    source.morphs.map(({ name, weight, positions, normals }) => ({
      name,
      weight,
      positions: turnedVectors(positions, frame, from, frame.metres),
      normals: normals && turnedVectors(normals, frame, from, 1),
    })),
  )
  return { ...turnedJoints(source, frame), skin, morphs }
}
