/** Rays through any places of the picture: what labels beyond the first surface of a pixel's centre are made of. */
import type { Hits } from '@dioramic/render'
import { rayDirection } from '@dioramic/scene'
import type { FrameContext } from './label.ts'
import { frameCamera, frameDirections } from './pixels.ts'

/** The first label surface beyond `tMin` through raster points (u, v pairs), at the frame's time. `t` is depth along the optical axis. */
export function castRaster(context: FrameContext, points: Float64Array, tMin: Float64Array | number = 0): Hits {
  const camera = frameCamera(context)
  const count = points.length / 2
  const directions = new Float64Array(3 * count)
  for (let i = 0; i < count; i++) directions.set(rayDirection(camera, points[2 * i], points[2 * i + 1]), 3 * i)
  return cast(context, directions, tMin)
}

/** The first label surface beyond `tMin[i]` through the centre of pixel `pixels[i]`: the very rays of `context.primary`, further on. */
export function castOnward(context: FrameContext, pixels: Uint32Array, tMin: Float64Array): Hits {
  const all = frameDirections(context)
  const directions = new Float64Array(3 * pixels.length)
  for (let i = 0; i < pixels.length; i++) for (let a = 0; a < 3; a++) directions[3 * i + a] = all[3 * pixels[i] + a]
  return cast(context, directions, tMin)
}

function cast(context: FrameContext, directions: Float64Array, tMin: Float64Array | number): Hits {
  const { position } = frameCamera(context)
  const count = directions.length / 3
  const origins = new Float64Array(3 * count)
  for (let i = 0; i < origins.length; i += 3) origins.set(position, i)
  return context.rays(context.time).closest({ count, origins, directions, tMin, tMax: Infinity })
}
