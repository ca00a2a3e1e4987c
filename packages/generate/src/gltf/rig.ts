import { type Deformation, INFLUENCES, jointPosesAt, morphWeightsAt, type ResolvedObject } from '@dioramic/scene'
import type { Document, Node } from '@gltf-transform/core'
import type { Animator } from './animator.ts'
import type { MeshWriter } from './mesh.ts'

/** An object that deforms: its joints as nodes below its own, its skin, its morph targets and how they move. */
export function exportRig(
  document: Document,
  node: Node,
  object: ResolvedObject,
  deformation: Deformation,
  meshes: MeshWriter,
  animator: Animator,
): void {
  const { rig } = deformation
  const mesh = meshes.of(object)
  if (rig.morphs.length > 0) {
    for (const primitive of mesh.listPrimitives())
      for (const { name, positions, normals } of rig.morphs) {
        const target = document.createPrimitiveTarget(name).setAttribute('POSITION', meshes.accessor('VEC3', Float32Array.from(positions)))
        if (normals) target.setAttribute('NORMAL', meshes.accessor('VEC3', Float32Array.from(normals)))
        primitive.addTarget(target)
      }
    mesh.setExtras({ targetNames: rig.morphs.map(m => m.name) })
  }
  // A skinned mesh is placed by its joints alone, so it hangs below the object beside them.
  const body = rig.skin ? document.createNode(`${node.getName()} mesh`) : node
  if (body !== node) node.addChild(body)
  body.setMesh(mesh)
  if (rig.morphs.length > 0) {
    body.setWeights([...morphWeightsAt(deformation, 0)])
    animator.channel(body, 'weights', rig.morphs.length, t => morphWeightsAt(deformation, t))
  }
  const joints = rig.joints.map(j => document.createNode(j.name))
  // Every channel of every joint asks at the same times; poses are of all joints at once.
  const sampled = new Map<number, ReturnType<typeof jointPosesAt>>()
  const posesAt = (t: number) => {
    const poses = sampled.get(t) ?? jointPosesAt(deformation, t)
    sampled.set(t, poses)
    return poses
  }
  joints.forEach((joint, j) => {
    const { parent } = rig.joints[j]!
    ;(parent < 0 ? node : joints[parent]!).addChild(joint)
    const at = (t: number) => posesAt(t)[j]!
    const { translation, rotation, scale } = at(0)
    joint
      .setTranslation([...translation])
      .setRotation([...rotation])
      .setScale([...scale])
    animator.channel(joint, 'translation', 3, t => at(t).translation)
    animator.channel(joint, 'rotation', 4, t => at(t).rotation)
    animator.channel(joint, 'scale', 3, t => at(t).scale)
  })
  if (!rig.skin) return
  const indices = meshes.accessor('VEC4', Uint16Array.from(rig.skin.indices))
  const weights = meshes.accessor('VEC4', Float32Array.from(rig.skin.weights))
  for (const primitive of mesh.listPrimitives()) primitive.setAttribute('JOINTS_0', indices).setAttribute('WEIGHTS_0', weights)
  const inverses = Float32Array.from({ length: 16 * joints.length }, (_, i) => {
    const [j, column, row] = [Math.floor(i / 16), Math.floor((i % 16) / INFLUENCES), i % 4]
    return row === 3 ? (column === 3 ? 1 : 0) : rig.joints[j]!.inverseBind[4 * row + column]!
  })
  const skin = document.createSkin(node.getName()).setInverseBindMatrices(meshes.accessor('MAT4', inverses))
  for (const joint of joints) skin.addJoint(joint)
  body.setSkin(skin)
}
