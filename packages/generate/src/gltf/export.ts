/**
 * A clip as glTF 2.0: meshes, principled materials, skins and morph targets, cameras, lights, and every movement sampled at the steps of the simulation. What other
 * programs read, and what `importMesh` reads back. glTF is +Y up: one root node turns the world. Beside what the format can say, each camera and light carries its
 * own description under `extras.diorama`.
 */

import type { Motion } from '@dioramic/physics'
import type { ResolvedScene } from '@dioramic/scene'
import { Document, type Node, WebIO } from '@gltf-transform/core'
import {
  KHRLightsPunctual,
  KHRMaterialsAnisotropy,
  KHRMaterialsClearcoat,
  KHRMaterialsEmissiveStrength,
  KHRMaterialsIOR,
  KHRMaterialsSheen,
  KHRMaterialsSpecular,
  KHRMaterialsTransmission,
  KHRMaterialsVolume,
  KHRTextureTransform,
} from '@gltf-transform/extensions'
import { Animator } from './animator.ts'
import { exportCamera } from './camera.ts'
import { exportLight } from './light.ts'
import { MaterialWriter } from './material.ts'
import { MeshWriter } from './mesh.ts'
import { exportRig } from './rig.ts'

export interface GltfExport {
  /** The whole clip as one GLB. */
  readonly glb: Uint8Array
  /** What the file says less exactly than the scene, or not at all; one sentence each. */
  readonly notes: readonly string[]
}

/** glTF's +Y up from +Z up. */
const UPRIGHT = [-Math.SQRT1_2, 0, 0, Math.SQRT1_2] as [number, number, number, number]

/** Writes a clip. Times are seconds from frame 0; what moves before it (half a shutter) is left out. */
export async function exportGltf({ scene, objects, images, environment }: ResolvedScene, motion: Motion): Promise<GltfExport> {
  const document = new Document()
  document.getRoot().getAsset().generator = 'Diorama'
  document.createBuffer()
  const notes = new Set<string>()
  const note = (text: string) => void notes.add(text)
  const root = document.createNode('world').setRotation(UPRIGHT)
  document.getRoot().setDefaultScene(document.createScene('scene').addChild(root))
  const materials = new MaterialWriter(document, images, note)
  const meshes = new MeshWriter(document, materials)
  const animator = new Animator(document, scene)
  const add = (node: Node) => void root.addChild(node)

  for (const object of objects) {
    const own = scene.objects[object.index]!
    const node = document
      .createNode(own.name)
      .setExtras({ diorama: { id: own.id, category: own.category, isBackground: own.isBackground } })
    animator.pose(node, t => motion.pose(own.id, t))
    node.setScale([...own.scale])
    add(node)
    if (object.deformation) exportRig(document, node, object, object.deformation, meshes, animator)
    else node.setMesh(meshes.of(object))
  }
  for (const camera of scene.cameras) add(exportCamera(document, camera, animator, note))
  for (const light of scene.lights) add(exportLight(document, light, animator, note))
  if (scene.fog) note('the fog is left out: glTF has none')
  if (environment) note('the environment is left out: glTF has no light from all around; light the scene anew where it is opened')

  const extensions = [
    KHRLightsPunctual,
    KHRMaterialsAnisotropy,
    KHRMaterialsClearcoat,
    KHRMaterialsEmissiveStrength,
    KHRMaterialsIOR,
    KHRMaterialsSheen,
    KHRMaterialsSpecular,
    KHRMaterialsTransmission,
    KHRMaterialsVolume,
    KHRTextureTransform,
  ]
  const glb = await new WebIO().registerExtensions(extensions).writeBinary(document)
  return { glb, notes: [...notes] }
}
