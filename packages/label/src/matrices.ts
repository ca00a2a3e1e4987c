/** Every object's transform at one time as flat matrices, so that hot loops multiply numbers and allocate nothing. */
import { type CameraState, quat, toMatrix34 } from '@dioramic/scene'
import type { FrameContext } from './label.ts'
import { memo } from './memo.ts'

export interface Matrices {
  readonly time: number
  readonly camera: CameraState
  /** Row-major 3×4 world-from-object, 12 numbers an object; the object's scale is in it. */
  readonly world: Float64Array
  /** Row-major 3×4 camera-from-object, 12 numbers an object. */
  readonly view: Float64Array
}

/** Writes the camera-from-object matrix of object `k` at `time` to `out[at …]`, by way of its world-from-object matrix. */
export function viewInto(
  context: FrameContext,
  k: number,
  time: number,
  camera: CameraState,
  r: readonly number[],
  out: Float64Array,
  at: number,
): readonly number[] {
  const object = context.resolved.scene.objects[k]
  const m = toMatrix34({ ...context.motion.pose(object.id, time), scale: object.scale })
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 4; column++) {
      const from = (i: number) => m[4 * i + column] - (column === 3 ? camera.position[i] : 0)
      // Camera-from-world is the transpose of the camera's rotation.
      out[at + 4 * row + column] = r[row] * from(0) + r[3 + row] * from(1) + r[6 + row] * from(2)
    }
  }
  return m
}

/** Matrices of all objects at `time`, computed once a frame. */
export const matricesAt = (context: FrameContext, time: number): Matrices =>
  memo(context, `matrices ${time}`, () => {
    const { objects } = context.resolved.scene
    const camera = context.cameraAt(time)
    const r = quat.toMatrix3(camera.rotation)
    const world = new Float64Array(12 * objects.length)
    const view = new Float64Array(12 * objects.length)
    objects.forEach((_, k) => {
      world.set(viewInto(context, k, time, camera, r, view, 12 * k), 12 * k)
    })
    return { time, camera, world, view }
  })
