/** Instances and top-level BVH of exact queries at one time, kept by the host and copied in when used. */
import type { Motion } from '@dioramic/physics'
import { type Mesh, meshAt, type ResolvedScene } from '@dioramic/scene'
import { boundsOf, type Room } from './deforming.ts'
import type { Kernel } from './kernel.ts'
import * as L from './layout.ts'
import { emptyBoxes, growBox, poseMatrices } from './pose.ts'
import { buildTlas } from './tlas.ts'
import type { SceneMemory } from './upload.ts'

export interface QueryScene {
  readonly nodes: Uint8Array
  readonly instances: Uint8Array
  /** Shapes of deforming objects, by number. */
  readonly shapes: ReadonlyMap<number, Mesh>
}

/** Bytes to reserve for any query of `count` objects. */
export const queryBytes = (count: number) => ({ nodes: (count + 1) * L.NODE_BYTES, instances: Math.max(1, count) * L.QUERY_BYTES })

/** `rooms` are where the shapes of deforming objects will be put, by number. */
export function buildQueryScene(
  kernel: Kernel,
  memory: SceneMemory,
  rooms: ReadonlyMap<number, Room>,
  resolved: ResolvedScene,
  motion: Motion,
  t: number,
): QueryScene {
  const count = memory.objects.length
  const instances = new Uint8Array(count * L.QUERY_BYTES)
  const view = new DataView(instances.buffer)
  const boxes = emptyBoxes(count)
  const shapes = new Map<number, Mesh>()
  memory.objects.forEach((object, i) => {
    const found = resolved.objects[i]!
    const { index } = found
    if (found.deformation) shapes.set(i, meshAt(found, t))
    const shape = shapes.get(i)
    const bounds = shape ? boundsOf([shape], `object "${resolved.scene.objects[index]!.name}"`) : object.blas.bounds
    const { worldFromObject, objectFromWorld } = poseMatrices(resolved, motion, index, t)
    const at = i * L.QUERY_BYTES
    objectFromWorld.forEach((x, k) => {
      view.setFloat64(at + k * 8, x, true)
    })
    view.setUint32(at + L.QUERY_MESH, rooms.get(i)?.record ?? object.mesh, true)
    view.setUint32(at + L.QUERY_MATERIAL, object.material, true)
    view.setUint32(at + L.QUERY_FLAGS, object.flags, true)
    resolved.scene.objects[index]!.scale.forEach((s, k) => {
      view.setFloat32(at + L.QUERY_SCALE + k * 4, s, true)
    })
    growBox(boxes, i * 6, worldFromObject, bounds.min, bounds.max)
  })
  return { nodes: buildTlas(kernel, boxes, count), instances, shapes }
}
