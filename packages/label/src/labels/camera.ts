/** `camera`: the pinhole of one frame, intrinsics in raster pixels and pose. Always written: depth and flow mean nothing without it. */
import { type CameraState, quat } from '@dioramic/scene'
import type { FrameContext, GlobalLabel } from '../label.ts'
import { frameCamera } from '../pixels.ts'

export interface CameraRecord extends CameraState {
  readonly name: string
  /** Millimetres. */
  readonly focalLength: number
  readonly sensorWidth: number
  /** Row-major 3×3 of raster pixels, for points in (right, down, forward) axes: [u, v, 1] ~ K · [x, −y, −z] of the camera frame. */
  readonly K: readonly (readonly number[])[]
  /** Row-major 4×4. */
  readonly worldFromCamera: readonly (readonly number[])[]
}

export const camera: GlobalLabel = {
  kind: 'frame',
  name: 'camera',
  definition:
    'Pinhole of the frame: width, height, fx, fy, cx, cy in raster pixels (first pixel centre at ½, ½), position (metres, world), rotation (x, y, z, w; world from camera; +X right, +Y up, looks along −Z), aperture and focusDistance (metres), focalLength and sensorWidth (mm), K (3×3 for axes right, down, forward), worldFromCamera (4×4). Always written.',
}

export function cameraRecord(context: FrameContext): CameraRecord {
  const state = frameCamera(context)
  const { name, sensorWidth } = context.resolved.scene.cameras[context.camera]
  const r = quat.toMatrix3(state.rotation)
  const p = state.position
  return {
    name,
    ...state,
    focalLength: (state.fx * sensorWidth) / state.width,
    sensorWidth,
    K: [
      [state.fx, 0, state.cx],
      [0, state.fy, state.cy],
      [0, 0, 1],
    ],
    worldFromCamera: [
      [r[0], r[1], r[2], p[0]],
      [r[3], r[4], r[5], p[1]],
      [r[6], r[7], r[8], p[2]],
      [0, 0, 0, 1],
    ],
  }
}
