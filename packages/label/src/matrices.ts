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

/** Matrices of all objects `step` frames from this one, computed once a frame. */
export const matricesAt = (context: FrameContext, step: number): Matrices =>
  memo(context, `matrices ${step}`, () => {
    const { resolved, motion, frame } = context
    const { objects, fps } = resolved.scene
    // The same quotient as frame ± 1 uses for its own time, so that both speak of the same instant to the last bit.
    const time = (frame + step) / fps
    const camera = context.cameraAt(time)
    const r = quat.toMatrix3(camera.rotation)
    const world = new Float64Array(12 * objects.length)
    const view = new Float64Array(12 * objects.length)
    objects.forEach((object, k) => {
      const m = toMatrix34({ ...motion.pose(object.id, time), scale: object.scale })
      world.set(m, 12 * k)
      for (let row = 0; row < 3; row++) {
        for (let column = 0; column < 4; column++) {
          const at = (i: number) => m[4 * i + column] - (column === 3 ? camera.position[i] : 0)
          // Camera-from-world is the transpose of the camera's rotation.
          view[12 * k + 4 * row + column] = r[row] * at(0) + r[3 + row] * at(1) + r[6 + row] * at(2)
        }
      }
    })
    return { time, camera, world, view }
  })
