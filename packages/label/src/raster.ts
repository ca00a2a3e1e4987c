/** Rays through any places of the picture: what labels beyond the first surface of a pixel's centre are made of. */
import type { Hits } from '@dioramic/render'
import { aimOf } from './aim.ts'
import { emptyHits, putHit } from './hits.ts'
import type { FrameContext } from './label.ts'
import { frameCamera, frameRays } from './pixels.ts'
import { rowsOf } from './rows.ts'

/**
 * The first label surface beyond `tMin` through raster points (u, v pairs), at their rows' times: of the rows' centres, or with `exact` of the points'
 * own heights (a scene a point under a rolling shutter: for few). `t` is in units of the directions of `frameRays`.
 */
export function castRaster(context: FrameContext, points: Float64Array, tMin: Float64Array | number = 0, exact = false): Hits {
  const count = points.length / 2
  const groups =
    exact && rowsOf(context).length > 1
      ? Array.from({ length: count }, (_, i) => ({ time: context.rowTime(0, points[2 * i + 1]), items: Uint32Array.of(i) }))
      : byRow(context, count, i => points[2 * i + 1])
  return castGroups(
    context,
    groups,
    count,
    time => {
      const aim = aimOf(context.cameraAt(time))
      // Past the picture's margin a lens may have no rays: nothing is hit along 0.
      return (i, at, origins, directions) => aim(points[2 * i], points[2 * i + 1], at, origins, directions)
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
      const p = 3 * pixels[i]
      o[3 * at] = origins[p]
      o[3 * at + 1] = origins[p + 1]
      o[3 * at + 2] = origins[p + 2]
      d[3 * at] = directions[p]
      d[3 * at + 1] = directions[p + 1]
      d[3 * at + 2] = directions[p + 2]
    },
    tMin,
  )
}

/** Writes the ray of item i as number `at`. */
type AimItem = (i: number, at: number, origins: Float64Array, directions: Float64Array) => void

/** Rays of one time. */
interface Group {
  readonly time: number
  /** Null: all, in their order. */
  readonly items: Uint32Array | null
}

/** Items 0 … count − 1 by the row (nearest to) `height(i)`. */
function byRow(context: FrameContext, count: number, height: (i: number) => number): readonly Group[] {
  const rows = rowsOf(context)
  if (rows.length === 1) return [{ time: rows[0].time, items: null }]
  const items: number[][] = rows.map(() => [])
  for (let i = 0; i < count; i++) items[Math.min(Math.max(Math.floor(height(i)), 0), rows.length - 1)].push(i)
  return rows.map(({ time }, r) => ({ time, items: Uint32Array.from(items[r]) }))
}

/** Casts the rays of all groups, `count` in all. */
function castGroups(
  context: FrameContext,
  groups: readonly Group[],
  count: number,
  aimAt: (time: number) => AimItem,
  tMin: Float64Array | number,
): Hits {
  const hits = emptyHits(count)
  for (const { time, items } of groups) {
    const n = items ? items.length : count
    if (n === 0) continue
    const aim = aimAt(time)
    const origins = new Float64Array(3 * n)
    const directions = new Float64Array(3 * n)
    for (let at = 0; at < n; at++) aim(items ? items[at] : at, at, origins, directions)
    const from = typeof tMin === 'number' || !items ? tMin : Float64Array.from(items, i => tMin[i])
    const part = context.rays(time).closest({ count: n, origins, directions, tMin: from, tMax: Infinity })
    if (!items) return part
    for (let at = 0; at < n; at++) putHit(hits, items[at], part, at)
  }
  return hits
}
