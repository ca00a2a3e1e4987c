/** `camera`: the pinhole of one frame, intrinsics in raster pixels and pose. Always written: depth and flow mean nothing without it. */
import type { CameraState } from '@dioramic/scene'
import type { FrameContext, GlobalLabel } from '../label.ts'
import { frameCamera } from '../pixels.ts'

export interface CameraRecord extends CameraState {
  readonly name: string
  /** Millimetres. */
  readonly focalLength: number
  readonly sensorWidth: number
}

export const camera: GlobalLabel = {
  kind: 'frame',
  name: 'camera',
  definition:
    'Pinhole of the frame: width, height, fx, fy, cx, cy in raster pixels (first pixel centre at ½, ½), position (metres, world), rotation (x, y, z, w; world from camera; +X right, +Y up, looks along −Z), aperture and focusDistance (metres), focalLength and sensorWidth (mm). Always written.',
}

export function cameraRecord(context: FrameContext): CameraRecord {
  const state = frameCamera(context)
  const { name, sensorWidth } = context.resolved.scene.cameras[context.camera]
  return {
    name,
    ...state,
    focalLength: (state.fx * sensorWidth) / state.width,
    sensorWidth,
  }
}
