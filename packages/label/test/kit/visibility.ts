/**
 * Visibility of random points of surfaces against brute force in f64: the kernel's answer may differ only where the ray passes an edge of the occluder so
 * closely that rounding decides.
 */
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { Key, NO_ASSETS, type Quat, resolveScene, sceneSchema } from '@dioramic/scene'
import { frameContext } from '../../src/context.ts'
import { OCCLUDED } from '../../src/flow.ts'
import { seePoints } from '../../src/points.ts'
import { bruteRays, closedForm, cube, sphere } from './oracle.ts'

/** Share of the way to the point by which a surface must be nearer to hide it; what lies between this and its double is not judged. */
const EPSILON = 1e-5
/** The band, radians: a ray turned by this angle must see the same for the answer to be judged. */
export const BAND = 1e-6

/** `count` points: how many were outside the band, how many of those differ, and how many are hidden. */
export async function compareVisibility(
  count: number,
): Promise<{ readonly judged: number; readonly wrong: number; readonly hidden: number }> {
  const key = Key.fromSeed(12)
  const shapes = [sphere(0.5, 8, 12).mesh, cube(), sphere(0.4, 6, 8).mesh, cube(), sphere(0.3, 8, 12).mesh, cube()]
  const scene = sceneSchema.parse({
    frames: 1,
    cameras: [{ position: [0, -4, 1.5], rotation: [0.5735764, 0, 0, 0.819152] as Quat, resolution: [64, 48] }],
    geometries: Object.fromEntries(shapes.map((mesh, i) => [`g${i}`, mesh])),
    objects: shapes.map((_, i) => ({
      id: i + 1,
      name: `o${i}`,
      geometry: `g${i}`,
      scale: [1.2, 0.9, 1],
      position: [...key.fork('p').fork(i).direction()].map(x => 0.9 * x),
      rotation: [...key.fork('r').fork(i).rotation()],
    })),
  })
  const resolved = resolveScene(scene, NO_ASSETS)
  const motion = closedForm(
    Object.fromEntries(scene.objects.map(o => [o.id, () => ({ position: o.position as never, rotation: o.rotation as never })])),
  )
  const loaded = (await createRenderer(await loadKernel())).load(resolved, motion)
  const context = frameContext({ resolved, motion, rays: t => loaded.rays(t), frame: 0 })
  const truth = bruteRays(resolved, motion, 0)
  const from = context.cameraAt(0).position
  let [judged, wrong, hidden] = [0, 0, 0]
  for (let batch = 0; batch < count; batch += 2000) {
    const n = Math.min(2000, count - batch)
    const at = (name: string) => key.fork(name).fork(batch).uniforms(n)
    const instance = at('object').map(x => Math.floor(x * shapes.length))
    const primitive = at('triangle').map((x, i) => Math.floor((x * resolved.objects[instance[i]].mesh.indices.length) / 3))
    const [a, b] = [at('a'), at('b')]
    // Inside the triangle, away from its edges, so that a neighbour triangle is not the point itself.
    const u = a.map((x, i) => 0.02 + 0.94 * (x + b[i] > 1 ? 1 - x : x))
    const v = b.map((x, i) => 0.02 + 0.94 * (a[i] + x > 1 ? 1 - x : x))
    const points = { instance, primitive, u: u.map((x, i) => Math.min(x, 0.97 - Math.min(v[i], 0.95))), v: v.map(x => Math.min(x, 0.95)) }
    const seen = seePoints(context, points)
    const before = (k: number, which: readonly number[]) => {
      const directions = new Float64Array(3 * which.length)
      which.forEach((i, o) => {
        for (let c = 0; c < 3; c++) directions[3 * o + c] = seen.world[3 * i + c] - from[c]
        if (k > 0) directions[3 * o + (k > 2 ? 2 : 0)] += (k % 2 ? 1 : -1) * BAND * Math.hypot(...directions.subarray(3 * o, 3 * o + 3))
      })
      const origins = Float64Array.from({ length: 3 * which.length }, (_, o) => from[o % 3])
      const hits = truth.closest({ count: which.length, origins, directions, tMin: 0, tMax: 1 - EPSILON })
      return which.map((i, o) => {
        const own = hits.instance[o] === instance[i] && hits.primitive[o] === primitive[i]
        return hits.instance[o] >= 0 && !own ? hits.t[o] : Infinity
      })
    }
    const all = Array.from({ length: n }, (_, i) => i)
    const nearest = before(0, all)
    const differ = all.filter(i => nearest[i] < Infinity !== ((seen.flags[i] & OCCLUDED) !== 0))
    hidden += nearest.filter(t => t < Infinity).length
    judged += n
    // Rays beside those that differ: where these disagree among themselves, an outline passes within the band.
    const beside = [1, 2, 3, 4].map(k => before(k, differ))
    differ.forEach((i, o) => {
      const blocked = [nearest[i], ...beside.map(b => b[o])].map(t => t < Infinity)
      const near = nearest[i] < Infinity && nearest[i] > 1 - 2 * EPSILON
      if (near || blocked.some(x => x !== blocked[0])) judged--
      else wrong++
    })
  }
  return { judged, wrong, hidden }
}
