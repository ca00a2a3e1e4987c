/** `camera`: the lens of one frame, intrinsics in raster pixels and pose. Always written: depth and flow mean nothing without it. */
import type { CameraState, Sensor } from '@dioramic/scene'
import type { FrameContext, GlobalLabel } from '../label.ts'
import { frameCamera } from '../pixels.ts'

export interface CameraRecord extends CameraState {
  readonly name: string
  /** Millimetres; pinholes and fisheyes have them. */
  readonly focalLength?: number
  readonly sensorWidth?: number
  /** Seconds; only a rolling shutter has it. */
  readonly readout?: number
  /** What rgb went through; only a camera that has one. */
  readonly sensor?: Sensor
}

export const camera: GlobalLabel = {
  kind: 'frame',
  name: 'camera',
  definition:
    'Camera of the frame: width, height, fx, fy, cx, cy in raster pixels (first pixel centre at ½, ½), position (metres, world), rotation (x, y, z, w; world from camera; +X right, +Y up, looks along −Z), aperture and focusDistance (metres), focalLength and sensorWidth (mm; pinhole and fisheye). lens, where it is no plain pinhole: model brown-conrady (k, p, s as OpenCV defines them), fisheye (k as in cv2.fisheye), orthographic (fx, fy: pixels a metre) or equirectangular (fx, fy: pixels a radian of longitude and latitude). readout: seconds of a rolling shutter. sensor: what rgb, and nothing else, went through (exposure, vignetting, chromaticAberration, noise, jpeg). Always written.',
}

export function cameraRecord(context: FrameContext): CameraRecord {
  const state = frameCamera(context)
  const camera = context.resolved.scene.cameras[context.camera]
  return {
    name: camera.name,
    ...state,
    ...('sensorWidth' in camera ? { focalLength: (state.fx * camera.sensorWidth) / state.width, sensorWidth: camera.sensorWidth } : {}),
    ...(camera.readout === 0 ? {} : { readout: camera.readout }),
    ...(camera.sensor ? { sensor: camera.sensor } : {}),
  }
}
