/** Points of surfaces, (triangle, barycentric) of an object, as a frame sees them: where they are, where they show, and what hides them. Tracks and keypoints. */
import { cameraFromWorld, cornersAt, project, quat, transformPoint, type Vec3, vec3 } from '@dioramic/scene'
import { EPSILON, INVALID, OCCLUDED, OUT_OF_FRAME } from './flow.ts'
import type { FrameContext } from './label.ts'
import { frameCamera } from './pixels.ts'
import { exposure } from './rolling.ts'
import { rowsOf } from './rows.ts'

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

/** Points of objects that may move in their objects' frames. */
interface MovingPoints {
  /** Indices of objects. */
  readonly instance: ArrayLike<number>
  /** Place of point i in its object's unscaled frame at `t` seconds. */
  place(i: number, t: number): Vec3
  /** Whether a hit of this triangle of the point's own object is the point itself. */
  shows(i: number, triangle: number): boolean
}

/**
 * The points at the frame's time; under a rolling shutter, at the time of the row where each shows. A ray in f64 goes from the camera to each; any
 * surface but the point's own triangle that is nearer by `EPSILON` hides it.
 */
export function seePoints(context: FrameContext, points: SurfacePoints): SeenPoints {
  const { objects } = context.resolved
  const corners = new Float64Array(9)
  return seeMoving(context, {
    instance: points.instance,
    place(i, t) {
      cornersAt(objects[points.instance[i]], points.primitive[i], t, corners)
      const weights = [1 - points.u[i] - points.v[i], points.u[i], points.v[i]]
      return [0, 1, 2].map(a => weights.reduce((sum, w, c) => sum + w * corners[3 * c + a], 0)) as unknown as Vec3
    },
    shows: (i, triangle) => triangle === points.primitive[i],
  })
}

/** As `seePoints`, of points that say themselves where they are and what shows them. */
export function seeMoving(context: FrameContext, points: MovingPoints): SeenPoints {
  const { resolved, motion, time } = context
  const { readout } = resolved.scene.cameras[context.camera]
  const { width, height } = frameCamera(context)
  const rows = rowsOf(context)
  const n = points.instance.length
  const seen: SeenPoints = {
    world: new Float64Array(3 * n),
    raster: new Float64Array(2 * n).fill(NaN),
    depth: new Float64Array(n),
    flags: new Uint8Array(n),
  }
  const groups: number[][] = rows.map(() => [])
  const worldAt = (i: number, t: number): Vec3 => {
    const { id, scale } = resolved.scene.objects[points.instance[i]]
    return transformPoint({ ...motion.pose(id, t), scale }, points.place(i, t))
  }
  const cameraAt = (t: number) => (t === time ? frameCamera(context) : context.cameraAt(t))
  for (let i = 0; i < n; i++) {
    const arrival = readout === 0 ? time : exposure(context, 0, t => project(cameraAt(t), worldAt(i, t)).v)
    const t = Number.isNaN(arrival) ? time : arrival
    const p = worldAt(i, t)
    seen.world.set(p, 3 * i)
    const { u, v, depth, imaged } = project(cameraAt(t), p)
    seen.depth[i] = depth
    if (!imaged || Number.isNaN(arrival)) {
      seen.flags[i] = INVALID
      continue
    }
    seen.raster[2 * i] = u
    seen.raster[2 * i + 1] = v
    if (!(u >= 0 && v >= 0 && u < width && v < height)) seen.flags[i] = OUT_OF_FRAME
    groups[rows.length === 1 ? 0 : Math.min(Math.max(Math.floor(v), 0), rows.length - 1)].push(i)
  }
  groups.forEach((group, r) => {
    if (group.length > 0) hidePoints(context, rows[r].time, group, points, worldAt, seen.flags)
  })
  return seen
}

/** Flags those of the points `group` that something hides at `time`. */
function hidePoints(
  context: FrameContext,
  time: number,
  group: readonly number[],
  points: MovingPoints,
  worldAt: (i: number, t: number) => Vec3,
  flags: Uint8Array,
): void {
  const camera = context.cameraAt(time)
  const parallel = camera.lens?.model === 'orthographic'
  const origins = new Float64Array(3 * group.length)
  const directions = new Float64Array(3 * group.length)
  group.forEach((i, at) => {
    const p = worldAt(i, time)
    // Parallel rays start where the point stands on the camera's plane.
    const origin = parallel ? vec3.add(p, quat.rotate(camera.rotation, [0, 0, -cameraFromWorld(camera, p)[2]])) : camera.position
    origins.set(origin, 3 * at)
    directions.set(vec3.sub(p, origin), 3 * at)
  })
  const hits = context.rays(time).closest({ count: group.length, origins, directions, tMin: 0, tMax: 1 + EPSILON })
  group.forEach((i, at) => {
    const own = hits.instance[at] === points.instance[i] && points.shows(i, hits.primitive[at])
    if (hits.instance[at] >= 0 && !own && hits.t[at] < 1 - EPSILON) flags[i] |= OCCLUDED
  })
}
