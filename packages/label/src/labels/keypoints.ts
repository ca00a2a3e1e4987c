/** `keypoints`: eight points of every object's surface that stand far from each other (Peng et al. 2019, PVNet), with their image and visibility. */
import type { Mesh, ResolvedObject } from '@dioramic/scene'
import { INVALID, OUT_OF_FRAME } from '../flow.ts'
import type { InstanceLabel } from '../label.ts'
import { type SurfacePoints, seePoints } from '../points.ts'

export const KEYPOINTS = 8

const cache = new WeakMap<Mesh, readonly number[]>()

/** Corners of triangles (index into `indices`) by farthest-point sampling; the first is the farthest from the middle of the bounds. */
function farthest({ mesh, bounds }: ResolvedObject): readonly number[] {
  const known = cache.get(mesh)
  if (known) return known
  const { positions, indices } = mesh
  const away = (corner: number, p: readonly number[]) => {
    const i = 3 * indices[corner]
    const [x, y, z] = [positions[i] - p[0], positions[i + 1] - p[1], positions[i + 2] - p[2]]
    return x * x + y * y + z * z
  }
  const distance = new Float64Array(indices.length)
  const middle = [0, 1, 2].map(a => (bounds.min[a] + bounds.max[a]) / 2)
  for (let c = 0; c < indices.length; c++) distance[c] = away(c, middle)
  const chosen: number[] = []
  while (chosen.length < KEYPOINTS) {
    let best = 0
    for (let c = 1; c < indices.length; c++) if (distance[c] > distance[best]) best = c
    const i = 3 * indices[best]
    const p = [positions[i], positions[i + 1], positions[i + 2]]
    for (let c = 0; c < indices.length; c++) distance[c] = chosen.length === 0 ? away(c, p) : Math.min(distance[c], away(c, p))
    chosen.push(best)
  }
  cache.set(mesh, chosen)
  return chosen
}

/** The keypoints of every object that is no background, in order. */
function keypointsOf(objects: readonly ResolvedObject[], wanted: (k: number) => boolean): SurfacePoints & { readonly instance: number[] } {
  const points = { instance: [] as number[], primitive: [] as number[], u: [] as number[], v: [] as number[] }
  objects.forEach((object, k) => {
    if (!wanted(k)) return
    for (const corner of farthest(object)) {
      points.instance.push(k)
      points.primitive.push(Math.floor(corner / 3))
      points.u.push(corner % 3 === 1 ? 1 : 0)
      points.v.push(corner % 3 === 2 ? 1 : 0)
    }
  })
  return points
}

export const keypoints: InstanceLabel = {
  kind: 'instances',
  name: 'keypoints',
  definition:
    "keypoints: 8 [u, v, visibility], raster pixels, of the mesh's vertices that stand farthest from each other, always the same ones of a mesh. Visibility as COCO has it: 2 seen (a ray decides), 1 in the picture but hidden, 0 out of the picture or behind the camera (u and v are 0 then). keypoints3d: the same points, metres, world. null for backgrounds.",
  compute(context) {
    const { scene, objects } = context.resolved
    const points = keypointsOf(objects, k => !scene.objects[k].isBackground)
    const { raster, world, flags } = seePoints(context, points)
    const records = scene.objects.map(object => (object.isBackground ? null : { image: [] as number[][], world: [] as number[][] }))
    points.instance.forEach((k, i) => {
      const out = (flags[i] & (OUT_OF_FRAME | INVALID)) !== 0
      records[k]!.image.push(out ? [0, 0, 0] : [raster[2 * i], raster[2 * i + 1], flags[i] === 0 ? 2 : 1])
      records[k]!.world.push([...world.subarray(3 * i, 3 * i + 3)])
    })
    return records.map(r => ({ keypoints: r?.image ?? null, keypoints3d: r?.world ?? null }))
  },
}
