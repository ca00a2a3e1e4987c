/** Rays through any places of the picture: what labels beyond the first surface of a pixel's centre are made of. */
import type { Hits } from '@dioramic/render'
import { projectionOf, quat, vec3 } from '@dioramic/scene'
import type { FrameContext } from './label.ts'
import { frameCamera, frameRays } from './pixels.ts'
import { rowsOf } from './rows.ts'

/**
 * The first label surface beyond `tMin` through raster points (u, v pairs), at their rows' times: of the rows' centres, or with `exact` of the points'
 * own heights (a scene a point under a rolling shutter: for few). `t` is in units of the directions of `frameRays`.
 */
export function castRaster(context: FrameContext, points: Float64Array, tMin: Float64Array | number = 0, exact = false): Hits {
  const local = new Float64Array(6)
  return castGroups(
    context,
    exact && rowsOf(context).length > 1
      ? Array.from({ length: points.length / 2 }, (_, i) => ({ time: context.rowTime(0, points[2 * i + 1]), items: [i] }))
      : byRow(context, points.length / 2, i => points[2 * i + 1]),
    points.length / 2,
    time => {
      const { position, rotation, ...lens } = context.cameraAt(time)
      const { ray } = projectionOf(lens)
      return (i, at, origins, directions) => {
        // Past the picture's margin a lens may have no rays: nothing is hit along 0.
        if (!ray(points[2 * i], points[2 * i + 1], local)) local.fill(0)
        const [x, y, z, ox, oy, oz] = local
        directions.set(quat.rotate(rotation, [x, y, z]), 3 * at)
        origins.set(ox === 0 && oy === 0 ? position : vec3.add(position, quat.rotate(rotation, [ox, oy, oz])), 3 * at)
      }
    },
    tMin,
  )
}

/** The first label surface beyond `tMin[i]` through the centre of pixel `pixels[i]`: the very rays of `context.primary`, further on. */
export function castOnward(context: FrameContext, pixels: Uint32Array, tMin: Float64Array): Hits {
  const { origins, directions } = frameRays(context)
  const { width } = frameCamera(context)
  return castGroups(
    context,
    byRow(context, pixels.length, i => Math.floor(pixels[i] / width)),
    pixels.length,
    () => (i, at, o, d) => {
      for (let a = 0; a < 3; a++) {
        o[3 * at + a] = origins[3 * pixels[i] + a]
        d[3 * at + a] = directions[3 * pixels[i] + a]
      }
    },
    tMin,
  )
}

/** Writes the ray of item i as number `at`. */
type Aim = (i: number, at: number, origins: Float64Array, directions: Float64Array) => void

/** Rays of one time. */
interface Group {
  readonly time: number
  readonly items: readonly number[]
}

/** Items 0 … count − 1 by the row (nearest to) `height(i)`. */
function byRow(context: FrameContext, count: number, height: (i: number) => number): readonly Group[] {
  const groups = rowsOf(context).map(({ time }) => ({ time, items: [] as number[] }))
  for (let i = 0; i < count; i++) groups[Math.min(Math.max(Math.floor(height(i)), 0), groups.length - 1)].items.push(i)
  return groups
}

/** Casts the rays of all groups, `count` in all. */
function castGroups(
  context: FrameContext,
  groups: readonly Group[],
  count: number,
  aimAt: (time: number) => Aim,
  tMin: Float64Array | number,
): Hits {
  const hits: Hits = {
    instance: new Int32Array(count),
    primitive: new Uint32Array(count),
    t: new Float64Array(count),
    u: new Float64Array(count),
    v: new Float64Array(count),
  }
  for (const { time, items } of groups) {
    if (items.length === 0) continue
    const aim = aimAt(time)
    const origins = new Float64Array(3 * items.length)
    const directions = new Float64Array(3 * items.length)
    for (let at = 0; at < items.length; at++) aim(items[at], at, origins, directions)
    const from = typeof tMin === 'number' ? tMin : Float64Array.from(items, i => tMin[i])
    const part = context.rays(time).closest({ count: items.length, origins, directions, tMin: from, tMax: Infinity })
    // A single group holds all items in order.
    if (groups.length === 1) return part
    for (const field of ['instance', 'primitive', 't', 'u', 'v'] as const)
      items.forEach((i, at) => {
        hits[field][i] = part[field][at]
      })
  }
  return hits
}
