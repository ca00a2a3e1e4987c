/** The rays through pixel centres, and the layer that a label fills. */
import type { Layer, LayerSpec } from '@dioramic/data'
import { type CameraState, projectionOf } from '@dioramic/scene'
import { aimOf } from './aim.ts'
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
  const { width } = camera
  const aim = aimOf(camera)
  for (let j = from, p = from * width; j < to; j++) {
    for (let i = 0; i < width; i++, p++) {
      const share = aim(i + 0.5, j + 0.5, p, origins, directions)
      if (axial) axial[p] = share
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
