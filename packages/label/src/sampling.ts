/** Which surface points to track: seen in some frame, spread over the clip and balanced over its objects. */
import type { Key } from '@dioramic/scene'
import type { ClipContext } from './label.ts'
import type { SurfacePoints } from './points.ts'
import { castRaster } from './raster.ts'

export interface Queries extends SurfacePoints {
  /** Frame and raster u, v in which each point was met. */
  readonly frame: Float64Array
  readonly raster: Float64Array
  readonly count: number
}

/** Rays that look for candidates, over all frames. */
const CANDIDATES = 65536

/**
 * At most `count` points. Candidates are what a jittered grid of rays meets in every frame (in as many frames as leave the grid 16 cells, chosen at
 * random, where a clip is long); objects, backgrounds too, get equal numbers as far as they have candidates, the smallest first (Greff et al. 2022, point tracking).
 */
export function sampleQueries(context: ClipContext, count: number, key: Key): Queries {
  const { frames, cameras, objects } = context.resolved.scene
  const [width, height] = cameras[context.camera].resolution
  const looked = key
    .fork('frames')
    .shuffle(Array.from({ length: frames }, (_, f) => f))
    .slice(0, CANDIDATES / 16)
  const cell = Math.max(1, Math.sqrt((width * height * looked.length) / CANDIDATES))
  const [columns, rows] = [Math.max(1, Math.floor(width / cell)), Math.max(1, Math.floor(height / cell))]
  const found: Candidate[][] = objects.map(() => [])
  for (const frame of looked.sort((a, b) => a - b)) {
    const at = context.frame(frame)
    const jitter = key.fork('grid').fork(frame)
    const raster = new Float64Array(2 * columns * rows)
    for (let j = 0, i = 0; j < rows; j++) {
      for (let c = 0; c < columns; c++, i++) {
        const [x, y] = jitter.fork(i).uniforms(2)
        raster[2 * i] = ((c + x) * width) / columns
        raster[2 * i + 1] = ((j + y) * height) / rows
      }
    }
    const hits = castRaster(at, raster, 0, true)
    hits.instance.forEach((k, i) => {
      if (k >= 0) found[k].push([frame, raster[2 * i], raster[2 * i + 1], hits.primitive[i], hits.u[i], hits.v[i]])
    })
  }
  const chosen = found.map((): Candidate[] => [])
  let left = count
  const smallest = [...found.keys()].filter(k => found[k].length > 0).sort((a, b) => found[a].length - found[b].length || a - b)
  smallest.forEach((k, place) => {
    const share = Math.min(found[k].length, Math.floor(left / (smallest.length - place)))
    chosen[k] = key.fork('choice').fork(k).shuffle(found[k]).slice(0, share)
    left -= share
  })
  const list = chosen.flatMap((points, k) => points.map(p => [k, ...p] as const))
  const column = (i: number) => Float64Array.from(list, p => p[i])
  return {
    count: list.length,
    instance: column(0),
    frame: column(1),
    raster: Float64Array.from(list.flatMap(p => [p[2], p[3]])),
    primitive: column(4),
    u: column(5),
    v: column(6),
  }
}

/** frame, raster u, v, triangle, barycentric u, v */
type Candidate = readonly [number, number, number, number, number, number]
