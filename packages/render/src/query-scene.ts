/** Instances and top-level BVH of exact queries at one time, kept by the host and copied in when used. */
import type { Motion } from '@dioramic/physics'
import type { ResolvedScene } from '@dioramic/scene'
import type { Kernel } from './kernel.ts'
import * as L from './layout.ts'
import { emptyBoxes, growBox, poseMatrices } from './pose.ts'
import { buildTlas } from './tlas.ts'
import type { SceneMemory } from './upload.ts'

export interface QueryScene {
  readonly nodes: Uint8Array
  readonly instances: Uint8Array
}

/** Bytes to reserve for any query of `count` objects. */
export const queryBytes = (count: number) => ({ nodes: (count + 1) * L.NODE_BYTES, instances: Math.max(1, count) * L.QUERY_BYTES })

export function buildQueryScene(kernel: Kernel, memory: SceneMemory, resolved: ResolvedScene, motion: Motion, t: number): QueryScene {
  const count = memory.objects.length
  const instances = new Uint8Array(count * L.QUERY_BYTES)
  const view = new DataView(instances.buffer)
  const boxes = emptyBoxes(count)
  memory.objects.forEach((object, i) => {
    const index = resolved.objects[i]!.index
    const { worldFromObject, objectFromWorld } = poseMatrices(resolved, motion, index, t)
    const at = i * L.QUERY_BYTES
    objectFromWorld.forEach((x, k) => {
      view.setFloat64(at + k * 8, x, true)
    })
    view.setUint32(at + L.QUERY_MESH, object.mesh, true)
    view.setUint32(at + L.QUERY_MATERIAL, object.material, true)
    view.setUint32(at + L.QUERY_FLAGS, object.flags, true)
    resolved.scene.objects[index]!.scale.forEach((s, k) => {
      view.setFloat32(at + L.QUERY_SCALE + k * 4, s, true)
    })
    growBox(boxes, i * 6, worldFromObject, object.blas.bounds.min, object.blas.bounds.max)
  })
  return { nodes: buildTlas(kernel, boxes, count), instances }
}
