/** The rays through pixel centres, and the layer that a label fills. */
import type { Layer, LayerSpec } from '@dioramic/data'
import { type CameraState, quat } from '@dioramic/scene'
import type { FrameContext } from './label.ts'
import { memo } from './memo.ts'

/** World directions of all pixel centres, row-major x, y, z, with unit component along the optical axis. */
export function pixelDirections(camera: CameraState): Float64Array {
  const { width, height, fx, fy, cx, cy } = camera
  const r = quat.toMatrix3(camera.rotation)
  const [r0, r1, r2, r3, r4, r5, r6, r7, r8] = r as number[] as [number, number, number, number, number, number, number, number, number]
  const out = new Float64Array(3 * width * height)
  let o = 0
  for (let j = 0; j < height; j++) {
    const y = -(j + 0.5 - cy) / fy
    for (let i = 0; i < width; i++) {
      const x = (i + 0.5 - cx) / fx
      out[o++] = r0 * x + r1 * y - r2
      out[o++] = r3 * x + r4 * y - r5
      out[o++] = r6 * x + r7 * y - r8
    }
  }
  return out
}

/** The same for the frame's camera, computed once. */
export const frameDirections = (context: FrameContext): Float64Array =>
  memo(context, 'directions', () => pixelDirections(context.cameraAt(context.time)))

export const frameCamera = (context: FrameContext): CameraState => memo(context, 'camera', () => context.cameraAt(context.time))

/** A layer of the frame's size around data that a label computed. */
export function toLayer(context: FrameContext, spec: LayerSpec, data: Layer['data']): Layer {
  const { width, height } = frameCamera(context)
  return { name: spec.name, dtype: spec.dtype, width, height, channels: spec.channels, data }
}
