/** Points of surfaces, (triangle, barycentric) of an object, as a frame sees them: where they are, where they show, and what hides them. Tracks and keypoints. */
import { project, transformPoint } from '@dioramic/scene'
import { EPSILON, INVALID, OCCLUDED, OUT_OF_FRAME } from './flow.ts'
import type { FrameContext } from './label.ts'
import { NEAR } from './near.ts'
import { frameCamera } from './pixels.ts'

/** Named as `Hits` of the renderer, so that what rays met can be followed. */
export interface SurfacePoints {
  /** Indices of objects. */
  readonly instance: ArrayLike<number>
  readonly primitive: ArrayLike<number>
  /** Weights of the triangle's second and third corner. */
  readonly u: ArrayLike<number>
  readonly v: ArrayLike<number>
}

export interface SeenPoints {
  /** x, y, z a point: metres, world. */
  readonly world: Float64Array
  /** u, v a point, raster pixels; NaN where invalid. */
  readonly raster: Float64Array
  /** Metres along the optical axis. */
  readonly depth: Float64Array
  /** `OCCLUDED`, `OUT_OF_FRAME`, `INVALID`, with the meaning they have for flow. */
  readonly flags: Uint8Array
}

/** The points at the frame's time. A ray in f64 goes from the camera to each; any surface but the point's own triangle that is nearer by `EPSILON` hides it. */
export function seePoints(context: FrameContext, points: SurfacePoints): SeenPoints {
  const { resolved, motion, time } = context
  const camera = frameCamera(context)
  const { width, height, position } = camera
  const poses = resolved.scene.objects.map(({ id, scale }) => ({ ...motion.pose(id, time), scale }))
  const n = points.instance.length
  const seen: SeenPoints = {
    world: new Float64Array(3 * n),
    raster: new Float64Array(2 * n).fill(NaN),
    depth: new Float64Array(n),
    flags: new Uint8Array(n),
  }
  const which = new Uint32Array(n)
  const origins = new Float64Array(3 * n)
  const directions = new Float64Array(3 * n)
  let count = 0
  for (let i = 0; i < n; i++) {
    const { positions, indices } = resolved.objects[points.instance[i]].mesh
    const f = 3 * points.primitive[i]
    const weights = [1 - points.u[i] - points.v[i], points.u[i], points.v[i]]
    const local = [0, 1, 2].map(a => weights.reduce((sum, w, c) => sum + w * positions[3 * indices[f + c] + a], 0))
    const p = transformPoint(poses[points.instance[i]], local as unknown as readonly [number, number, number])
    seen.world.set(p, 3 * i)
    const { u, v, depth } = project(camera, p)
    seen.depth[i] = depth
    if (!(depth > NEAR)) {
      seen.flags[i] = INVALID
      continue
    }
    seen.raster[2 * i] = u
    seen.raster[2 * i + 1] = v
    if (!(u >= 0 && v >= 0 && u < width && v < height)) seen.flags[i] = OUT_OF_FRAME
    for (let a = 0; a < 3; a++) {
      origins[3 * count + a] = position[a]
      directions[3 * count + a] = p[a] - position[a]
    }
    which[count++] = i
  }
  const hits = context.rays(time).closest({
    count,
    origins: origins.subarray(0, 3 * count),
    directions: directions.subarray(0, 3 * count),
    tMin: 0,
    tMax: 1 + EPSILON,
  })
  for (let c = 0; c < count; c++) {
    const i = which[c]
    const own = hits.instance[c] === points.instance[i] && hits.primitive[c] === points.primitive[i]
    if (hits.instance[c] >= 0 && !own && hits.t[c] < 1 - EPSILON) seen.flags[i] |= OCCLUDED
  }
  return seen
}
