/**
 * `tracks` and `tracks-<count>`: surface points followed through the clip, in `tracks.npz` (or `tracks-<count>.npz`) beside `sample.json`, with the
 * names and axes of TAP-Vid (Doersch et al. 2022); 256 points, or as many as asked for.
 */
import type { ArrayLabel, ClipContext } from '../label.ts'
import { seePoints } from '../points.ts'
import { sampleQueries } from '../sampling.ts'

const NAME = /^tracks(?:-([1-9]\d{0,5}))?$/
const DEFAULT = 256

function track(context: ClipContext, most: number) {
  const { frames, objects } = context.resolved.scene
  const queries = sampleQueries(context, most, context.key.fork('tracks'))
  const n = queries.count
  const targets = new Float32Array(2 * n * frames)
  const positions = new Float32Array(3 * n * frames)
  const depth = new Float32Array(n * frames)
  const flags = new Uint8Array(n * frames)
  for (let f = 0; f < frames; f++) {
    const seen = seePoints(context.frame(f), queries)
    for (let i = 0; i < n; i++) {
      const at = i * frames + f
      for (let a = 0; a < 2; a++) targets[2 * at + a] = Number.isNaN(seen.raster[2 * i + a]) ? 0 : seen.raster[2 * i + a]
      for (let a = 0; a < 3; a++) positions[3 * at + a] = seen.world[3 * i + a]
      depth[at] = seen.depth[i]
      flags[at] = seen.flags[i]
    }
  }
  const query = new Float32Array(3 * n)
  for (let i = 0; i < n; i++) query.set([queries.frame[i], queries.raster[2 * i + 1], queries.raster[2 * i]], 3 * i)
  return {
    query_points: { shape: [n, 3], data: query },
    target_points: { shape: [n, frames, 2], data: targets },
    occluded: { shape: [n, frames], data: flags.map(x => (x === 0 ? 0 : 1)), dtype: 'bool' },
    flags: { shape: [n, frames], data: flags },
    depth: { shape: [n, frames], data: depth },
    positions: { shape: [n, frames, 3], data: positions },
    instance: { shape: [n], data: Uint32Array.from(queries.instance, k => objects[k].id) },
    triangle: { shape: [n], data: Uint32Array.from(queries.primitive) },
    barycentric: { shape: [n, 2], data: Float32Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? queries.u : queries.v)[i >> 1]) },
  } as const
}

/** The label of such a name; undefined for any other. */
export function tracks(name: string): ArrayLabel | undefined {
  const match = NAME.exec(name)
  if (!match) return undefined
  const most = match[1] === undefined ? DEFAULT : Number(match[1])
  return {
    kind: 'arrays',
    name,
    definition: `${name}.npz: ${most} points at most, met by random rays over all frames and balanced over the objects, backgrounds included, followed with their surfaces. query_points [N, 3]: t (frame), y, x where the point was met, raster pixels. target_points [N, T, 2]: x, y in every frame, raster pixels; 0 where invalid. occluded [N, T]: whether it is not seen. flags [N, T]: why, 1 hidden by another surface or its own (a ray decides), 2 out of frame, 4 behind the camera. depth [N, T]: metres along the optical axis. positions [N, T, 3]: metres, world. instance [N]: id of its object. triangle [N] and barycentric [N, 2] (weights of the second and third corner): its place on the mesh.`,
    compute: context => track(context, most),
  }
}
