/** The rays through pixel centres, and the layer that a label fills. */
import type { Layer, LayerSpec } from '@dioramic/data'
import { type CameraState, projectionOf, quat } from '@dioramic/scene'
import type { FrameContext } from './label.ts'
import { memo } from './memo.ts'
import { rowsOf } from './rows.ts'

export interface PixelRays {
  /** World, x, y, z a pixel, row-major. */
  readonly origins: Float64Array
  /** World. With 1 along the optical axis for lenses that see a half-space at most, of unit length for the others. */
  readonly directions: Float64Array
  /** Share of each direction along the optical axis: depth is this times the ray's parameter. Null where all are 1. */
  readonly axial: Float64Array | null
}

/** Rays of all pixel centres at their rows' times, computed once a frame. */
export const frameRays = (context: FrameContext): PixelRays =>
  memo(context, 'rays', () => {
    const { width, height, ...rest } = frameCamera(context)
    const n = width * height
    const straight = projectionOf({ width, height, ...rest }).axial
    const rays = {
      origins: new Float64Array(3 * n),
      directions: new Float64Array(3 * n),
      axial: straight ? null : new Float64Array(n),
    }
    for (const { time, from, to } of rowsOf(context)) castRows(context.cameraAt(time), from, to, rays)
    return rays
  })

function castRows(camera: CameraState, from: number, to: number, { origins, directions, axial }: PixelRays): void {
  const { width, position } = camera
  const { ray } = projectionOf(camera)
  const r = quat.toMatrix3(camera.rotation)
  const [r0, r1, r2, r3, r4, r5, r6, r7, r8] = r as number[] as [number, number, number, number, number, number, number, number, number]
  const parallel = camera.lens?.model === 'orthographic'
  const local = new Float64Array(6)
  let o = 3 * from * width
  for (let j = from; j < to; j++) {
    for (let i = 0; i < width; i++, o += 3) {
      ray(i + 0.5, j + 0.5, local)
      const [x, y, z] = local
      directions[o] = r0 * x + r1 * y + r2 * z
      directions[o + 1] = r3 * x + r4 * y + r5 * z
      directions[o + 2] = r6 * x + r7 * y + r8 * z
      origins[o] = position[0]
      origins[o + 1] = position[1]
      origins[o + 2] = position[2]
      if (parallel) {
        const [, , , ox, oy] = local
        origins[o] += r0 * ox + r1 * oy
        origins[o + 1] += r3 * ox + r4 * oy
        origins[o + 2] += r6 * ox + r7 * oy
      }
      if (axial) axial[o / 3] = -z
    }
  }
}

/** World directions of all pixels. */
export const frameDirections = (context: FrameContext): Float64Array => frameRays(context).directions

/** The camera at the frame's time. */
export const frameCamera = (context: FrameContext): CameraState => memo(context, 'camera', () => context.cameraAt(context.time))

/** A layer of the frame's size around data that a label computed. */
export function toLayer(context: FrameContext, spec: LayerSpec, data: Layer['data']): Layer {
  const { width, height } = frameCamera(context)
  return { name: spec.name, dtype: spec.dtype, width, height, channels: spec.channels, data }
}
