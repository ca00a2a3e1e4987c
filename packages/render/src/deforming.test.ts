/** Deforming meshes: refitted trees find what new trees find, and blur is the mean of the moments it is made of. */
import { initPhysics } from '@dioramic/physics'
import { type Mesh, meshAt, NO_ASSETS, type ResolvedScene, resolveScene, type SceneInput, sceneSchema } from '@dioramic/scene'
import { beforeAll, describe, expect, test } from 'vitest'
import { random } from '../test/reference/random.ts'
import { keyframeMotion } from '../test/support/scenes.ts'
import { tube, turnX } from '../test/support/tube.ts'
import { loadKernel } from './node/index.ts'
import { createRenderer } from './renderer.ts'
import type { RadianceFrame, Renderer } from './types.ts'

let renderer: Renderer
beforeAll(async () => {
  renderer = await createRenderer(await loadKernel())
})

type Curve = NonNullable<NonNullable<NonNullable<SceneInput['objects']>[number]['pose']>['joints']>[string]['rotation']
const turning = (rate: number): Curve => ({
  keys: Array.from({ length: 21 }, (_, i) => [i / 10, turnX((rate * i) / 10)]),
})
const morphed = () => {
  const g = tube(24, 16, 4)
  return { ...g, morphs: [{ name: 'fat', positions: g.normals!.map(x => 0.1 * x) }] }
}

/** A tube that bends by `rate` radians a second at each joint and swells. */
function sceneOf(rate: number, extra: Partial<SceneInput> = {}, camera: Partial<SceneInput['cameras'][number]> = {}): ResolvedScene {
  const joints = Object.fromEntries(['j1', 'j2', 'j3'].map(name => [name, { rotation: turning(rate) }]))
  const scene = sceneSchema.parse({
    frames: 3,
    fps: 10,
    cameras: [{ resolution: [64, 64], position: [4, 0, 0.5], rotation: [0.5, 0.5, 0.5, 0.5], focalLength: 60, ...camera }],
    geometries: { tube: morphed() },
    materials: { glow: { baseColor: [0, 0, 0], specular: 0, emission: [1, 1, 1] } },
    objects: [
      {
        id: 1,
        name: 'tube',
        geometry: 'tube',
        material: 'glow',
        position: {
          keys: [
            [0, [0, 0, 0]],
            [1, [0, 0.5, 0]],
          ],
        },
        pose: {
          joints,
          morphs: {
            fat: {
              keys: [
                [0, 0],
                [2, 2],
              ],
            },
          },
        },
      },
    ],
    ...extra,
  })
  return resolveScene(scene, NO_ASSETS)
}
const load = (resolved: ResolvedScene) => renderer.load(resolved, keyframeMotion(resolved))

/** The same scene with the shapes of one time as rigid meshes. */
const frozen = (resolved: ResolvedScene, t: number): ResolvedScene => ({
  ...resolved,
  objects: resolved.objects.map(({ deformation: _, ...o }): ResolvedScene['objects'][number] => {
    const mesh: Mesh = meshAt(resolved.objects[o.index]!, t)
    return { ...o, mesh, meshKey: `${o.meshKey} at ${t}` }
  }),
})

describe('rays', () => {
  test('meet in a refitted tree what they meet in a new one', () => {
    const next = random(20261129)
    const count = 4000
    const list = (make: () => readonly number[]) => Float64Array.from(Array.from({ length: count }, make).flat())
    const origins = list(() => [6 * next() - 3, 6 * next() - 3, 6 * next() - 3])
    const targets = list(() => [0.4 * next() - 0.2, 1.6 * next() - 0.8, 1.6 * next() - 0.4])
    const rays = { count, origins, directions: targets.map((x, i) => x - origins[i]!), tMin: 0, tMax: Infinity }
    const resolved = sceneOf(2)
    const deforming = load(resolved)
    // Asked in turn: each query shows its own time.
    const queries = [0, 0.35, 0.8].map(t => ({ t, query: deforming.rays(t) }))
    const found = [...queries, queries[0]!].map(({ t, query }) => ({ t, hits: query.closest(rays), hidden: query.occluded(rays) }))
    expect(found[3]!.hits).toEqual(found[0]!.hits)
    for (const { t, hits, hidden } of found) {
      const rebuilt = load(frozen(resolved, t)).rays(t)
      const truth = rebuilt.closest(rays)
      expect(hits.t).toEqual(truth.t)
      expect(hits.instance).toEqual(truth.instance)
      expect(hidden).toEqual(rebuilt.occluded(rays))
      let met = 0
      for (let i = 0; i < count; i++) {
        if (truth.instance[i]! < 0) continue
        met++
        // On an edge that two triangles share, either is right.
        if (hits.primitive[i] !== truth.primitive[i])
          expect(Math.min(hits.u[i]!, hits.v[i]!, 1 - hits.u[i]! - hits.v[i]!)).toBeLessThan(1e-9)
        else expect([hits.u[i], hits.v[i]]).toEqual([truth.u[i], truth.v[i]])
      }
      expect(met).toBeGreaterThan(200)
    }
  })
})

describe('light', () => {
  const REQUEST = { camera: 0, frame: 1, seed: [3, 4] as const }
  const mean = (frames: readonly RadianceFrame[], p: number) => frames.reduce((s, f) => s + f.color[p]!, 0) / frames.length

  test('a still shape is drawn as the rigid mesh of that shape, to the bit', () => {
    const resolved = sceneOf(2)
    const a = load(resolved).radiance({ ...REQUEST, spp: 8 })
    const b = load(frozen(resolved, 0.1)).radiance({ ...REQUEST, spp: 8 })
    expect(a.color).toEqual(b.color)
    expect(a.normal).toEqual(b.normal)
  })

  // A third of a radian a joint while the shutter is open, and the object moves too.
  const OPEN = 0.06
  const fast = (camera: object) => sceneOf(6, {}, { shutter: OPEN * 10, ...camera })
  /** Rigid scenes at `moments` times of the exposure around `t`, seen through a shutter that is closed. */
  const momentsAround = (t: number, moments: number, spp: number, rows: readonly [number, number]) =>
    Array.from({ length: moments }, (_, k) => {
      const at = t + OPEN * ((k + 0.5) / moments - 0.5)
      const still = frozen(sceneOf(6), at)
      const motion = keyframeMotion(still)
      return renderer.load(still, { ...motion, pose: id => motion.pose(id, at) }).radiance({ ...REQUEST, spp, seed: [k, rows[0]], rows })
    })

  test('blur is the mean of its moments', () => {
    const blurred = load(fast({})).radiance({ ...REQUEST, spp: 256 })
    const frames = momentsAround(0.1, 48, 16, [0, 64])
    let [sum, square, grey] = [0, 0, 0]
    for (let p = 0; p < blurred.color.length; p += 3) {
      const d = blurred.color[p]! - mean(frames, p)
      sum += d
      square += d * d
      if (Math.abs(blurred.color[p]! - 0.5) < 0.4) grey++
      expect(Math.abs(d)).toBeLessThan(0.12)
    }
    expect(grey).toBeGreaterThan(150)
    // Noise of 256 and 768 samples on the grey pixels; no bias.
    expect(Math.sqrt(square / grey)).toBeLessThan(0.03)
    expect(Math.abs(sum / grey)).toBeLessThan(0.003)
  })

  test('a row of a rolling shutter shows the shapes of its own exposure', () => {
    const readout = 0.04
    const blurred = load(fast({ readout })).radiance({ ...REQUEST, spp: 256 })
    for (const row of [12, 24, 32, 40, 52]) {
      const frames = momentsAround(0.1 + ((row + 0.5) / 64 - 0.5) * readout, 24, 24, [row, row + 1])
      let sum = 0
      for (let i = 0; i < 64; i++) {
        const d = blurred.color[3 * (row * 64 + i)]! - mean(frames, 3 * i)
        expect(Math.abs(d)).toBeLessThan(0.13)
        sum += d
      }
      expect(Math.abs(sum)).toBeLessThan(0.25)
    }
  })

  test('normals turn with the skin', () => {
    // One joint bends all of the tube's upper half by a right angle: its side that faced the camera, +X, still does; its lid looks along −Y.
    const g = tube(8, 32, 2)
    const resolved = resolveScene(
      sceneSchema.parse({
        cameras: [{ resolution: [32, 32], position: [0, -4, 0.5], rotation: [Math.SQRT1_2, 0, 0, Math.SQRT1_2], focalLength: 60 }],
        geometries: { g },
        materials: { m: {} },
        objects: [{ id: 1, name: 'o', geometry: 'g', material: 'm', pose: { joints: { j1: { rotation: turnX(Math.PI / 2) } } } }],
      }),
      NO_ASSETS,
    )
    const { normal, coverage } = load(resolved).radiance({ camera: 0, frame: 0, spp: 16, seed: [1, 2] })
    // The lid is at y = −½, z = ½: the picture's middle.
    const p = 16 * 32 + 16
    expect(coverage[p]).toBe(1)
    expect(normal[3 * p + 1]).toBeCloseTo(-1, 3)
  })
})

test('memory that a frame takes is given back', async () => {
  const resolved = sceneOf(6, {}, { shutter: 0.6 })
  const loaded = (await createRenderer(await loadKernel())).load(resolved, (await initPhysics()).simulate(resolved))
  const first = loaded.radiance({ camera: 0, frame: 1, spp: 1, seed: [0, 0] })
  for (let i = 0; i < 20; i++) loaded.radiance({ camera: 0, frame: 2, spp: 1, seed: [0, 0] })
  expect(loaded.radiance({ camera: 0, frame: 1, spp: 1, seed: [0, 0] }).color).toEqual(first.color)
})
