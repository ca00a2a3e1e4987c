import { MeshError } from '../mesh/check.ts'
import type { Mesh } from '../mesh.ts'
import type { Geometry } from '../schema/geometry.ts'
import { suggest } from '../suggest.ts'
import { morphNormals } from './morph-normals.ts'
import { boundAtRest, INFLUENCES, type Morph, makeSkin, type Rig } from './rig.ts'

/** The rig of triangles given in a scene; null where they have none. Throws `MeshError` saying what does not fit. */
export function inlineRig(what: string, { skin, morphs }: Extract<Geometry, { type: 'mesh' }>, mesh: Mesh): Rig | null {
  if (!skin && !morphs) return null
  const vertices = mesh.positions.length / 3
  const names = skin?.joints.map(j => j.name) ?? []
  const joints = boundAtRest(
    what,
    (skin?.joints ?? []).map((joint, j) => {
      if (names.indexOf(joint.name) !== j) throw new MeshError(`${what} has two joints named "${joint.name}"; names must differ`)
      const parent = joint.parent === undefined ? -1 : names.indexOf(joint.parent)
      if (joint.parent !== undefined && parent < 0)
        throw new MeshError(
          `${what}: joint "${joint.name}" has the parent "${joint.parent}", which is no joint; ${suggest(joint.parent, names)}`,
        )
      return { ...joint, parent, inverseBind: joint.inverseBind && Float64Array.from(joint.inverseBind) }
    }),
  )
  return {
    joints,
    skin: skin ? makeSkin(what, vertices, joints.length, INFLUENCES, skin.indices, skin.weights).skin : null,
    morphs: checkedMorphs(what, mesh, morphs ?? []),
    clips: new Map(),
  }
}

/** Morph targets of a mesh, with the normals they lack. Throws `MeshError` for one of the wrong length, not finite, or of a name used twice. */
export function checkedMorphs(
  what: string,
  mesh: Mesh,
  morphs: readonly {
    readonly name: string
    readonly weight?: number
    readonly positions: ArrayLike<number>
    readonly normals?: ArrayLike<number> | null | undefined
  }[],
): Morph[] {
  return morphs.map(({ name, weight = 0, positions, normals }, m) => {
    if (morphs.findIndex(o => o.name === name) !== m)
      throw new MeshError(`${what} has two morph targets named "${name}"; names must differ`)
    for (const [list, values] of [
      ['positions', positions],
      ['normals', normals],
    ] as const) {
      if (!values) continue
      if (values.length !== mesh.positions.length)
        throw new MeshError(
          `${what}: morph target "${name}" has ${values.length} numbers of ${list}, but its ${mesh.positions.length / 3} vertices need ${mesh.positions.length}`,
        )
      for (let i = 0; i < values.length; i++)
        if (!Number.isFinite(values[i]))
          throw new MeshError(`${what}: morph target "${name}" moves vertex ${Math.floor(i / 3)} by ${values[i]}; all must be finite`)
    }
    return {
      name,
      weight,
      positions: Float64Array.from(positions),
      normals: !mesh.normals ? null : normals ? Float64Array.from(normals) : morphNormals(mesh, positions),
    }
  })
}
