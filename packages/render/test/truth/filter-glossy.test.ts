/** `filterGlossy`: what a path meets after it was scattered widely is roughened by its rule, and nothing else changes. */
import { quat, type SceneInput } from '@dioramic/scene'
import { beforeAll, expect, test } from 'vitest'
import { loadKernel } from '../../src/node/index.ts'
import { createRenderer } from '../../src/renderer.ts'
import type { Renderer } from '../../src/types.ts'
import { constantEnvironment, icosphere, keyframeMotion, resolveByHand, square } from '../support/scenes.ts'

let renderer: Renderer
beforeAll(async () => {
  renderer = await createRenderer(await loadKernel())
})

const meshes = { ball: icosphere(4), square: square() }
type Materials = NonNullable<SceneInput['materials']>
type Objects = NonNullable<SceneInput['objects']>
const lookAt = (eye: [number, number, number], at: [number, number, number]) => ({
  position: eye,
  rotation: [...quat.lookAt(eye, at)] as [number, number, number, number],
})

/** Runs of one picture with different seeds: mean and standard error of the mean over its pixels, and each run's root mean square about the mean picture. */
function runs(materials: Materials, filterGlossy: number, count = 24) {
  // A wall that stands on the floor, under a sun: seen from straight above, it is an edge outside the picture, and what it throws on the floor fills it.
  const scene: SceneInput = {
    cameras: [{ resolution: [12, 12], ...lookAt([0, 0.2, 3], [0, 0.2, 0]), focalLength: 120 }],
    lights: [
      {
        name: 'sun',
        type: 'sun',
        rotation: [...quat.fromAxisAngle([1, 0, 0], 0.7)] as [number, number, number, number],
        irradiance: 3,
        angle: 0.02,
      },
    ],
    materials,
    objects: [
      { id: 1, name: 'floor', geometry: 'square', material: 'floor', scale: [8, 8, 1] },
      {
        id: 2,
        name: 'wall',
        geometry: 'square',
        material: 'wall',
        position: [0, 1, 1],
        rotation: [...quat.fromAxisAngle([1, 0, 0], Math.PI / 2)] as [number, number, number, number],
        scale: [4, 2, 1],
      },
    ],
  }
  const resolved = resolveByHand(scene, meshes, null)
  const loaded = renderer.load(resolved, keyframeMotion(resolved))
  const pictures = Array.from(
    { length: count },
    (_, i) => loaded.radiance({ camera: 0, frame: 0, spp: 256, seed: [i, 5], maxBounces: 3, filterGlossy }).color,
  )
  const n = pictures[0]!.length
  const means = pictures.map(p => p.reduce((sum, x) => sum + x, 0) / n)
  const mean = means.reduce((a, b) => a + b) / count
  const error = Math.sqrt(means.reduce((sum, m) => sum + (m - mean) ** 2, 0) / (count * (count - 1)))
  const middle = Array.from({ length: n }, (_, k) => pictures.reduce((sum, p) => sum + p[k]!, 0) / count)
  const noise = Math.sqrt(pictures.reduce((sum, p) => sum + p.reduce((s, x, k) => s + (x - middle[k]!) ** 2, 0), 0) / (n * (count - 1)))
  return { mean, error, noise }
}

const floor = { baseColor: [0.8, 0.8, 0.8], specular: 0 } satisfies Materials[string]
const metal = (roughness: number) => ({ baseColor: [0.9, 0.9, 0.9], metallic: 1, roughness }) satisfies Materials[string]

test('after a Lambertian bounce of density p, metal is as rough as α = ½ √(1 − p / filterGlossy)', () => {
  // With a limit far above 1/π that α is ½ to a part in ten thousand, whatever the density was.
  const filtered = runs({ floor, wall: metal(0.05) }, 5000)
  const rough = runs({ floor, wall: metal(Math.SQRT1_2) }, 0)
  const sharp = runs({ floor, wall: metal(0.05) }, 0)
  const limit = 4 * Math.hypot(filtered.error, rough.error)
  expect(Math.abs(filtered.mean - rough.mean)).toBeLessThan(limit + 1e-3 * rough.mean)
  // The test has teeth: sharp metal throws its light elsewhere, and with far more noise.
  expect(Math.abs(sharp.mean - rough.mean)).toBeGreaterThan(2 * limit)
  expect(filtered.noise).toBeLessThan(0.5 * sharp.noise)
})

test('the clearcoat is roughened with the rest; what is rougher stays as it is', () => {
  const coat = { baseColor: [0, 0, 0], specular: 0, clearcoat: 1, roughness: 1 } satisfies Materials[string]
  const [a, b] = [
    runs({ floor, wall: { ...coat, clearcoatRoughness: 0.05 } }, 5000),
    runs({ floor, wall: { ...coat, clearcoatRoughness: Math.SQRT1_2 } }, 0),
  ]
  expect(Math.abs(a.mean - b.mean)).toBeLessThan(4 * Math.hypot(a.error, b.error) + 1e-3 * b.mean)
  const matt = { floor, wall: metal(0.9) }
  expect(runs(matt, 5000, 2)).toEqual(runs(matt, 0, 2))
})

const ring = (materials: Materials, objects: Objects, filterGlossy: number) => {
  const scene: SceneInput = {
    cameras: [{ resolution: [32, 32], ...lookAt([0, -9, 1], [0, 0, 0]), focalLength: 60 }],
    environment: { light: { type: 'constant', color: [1, 1, 1] } },
    materials,
    objects,
  }
  const sky = constantEnvironment([1, 1, 1])
  const resolved = resolveByHand(scene, meshes, { light: sky, background: sky })
  return renderer
    .load(resolved, keyframeMotion(resolved))
    .radiance({ camera: 0, frame: 0, spp: 256, seed: [1, 2], maxBounces: 64, filterGlossy })
}
const balls = (names: readonly string[]): Objects =>
  names.map((material, i) => ({ id: i + 1, name: `${material}${i}`, geometry: 'ball', material, position: [2.1 * i - 2.1, 0, 0] }))

test('white things vanish in uniform light, however much of them is roughened', () => {
  const white = { baseColor: [1, 1, 1] } satisfies Materials[string]
  const materials = {
    lambert: { ...white, specular: 0 },
    metal: { ...white, metallic: 1, roughness: 0.05 },
    glass: { ...white, transmission: 1, roughness: 0.05 },
  }
  const { color } = ring(materials, balls(['metal', 'lambert', 'glass']), 1)
  const mean = color.reduce((sum, x) => sum + x, 0) / color.length
  // As furnace.test.ts: the albedo tables' own deviation.
  expect(Math.abs(mean - 1)).toBeLessThan(0.004)
})

test('mirrors that the camera sees stay sharp', () => {
  const materials = { mirror: { baseColor: [0.9, 0.8, 0.7], metallic: 1, roughness: 0 } } satisfies Materials
  const objects = balls(['mirror', 'mirror', 'mirror'])
  // Of a smooth mirror's light a few in a thousand go to the far tail of its distribution: those are roughened.
  const [filtered, sharp] = [ring(materials, objects, 1).color, ring(materials, objects, 0).color]
  expect(filtered.reduce((sum, x, k) => sum + Math.abs(x - sharp[k]!), 0) / sharp.length).toBeLessThan(5e-4)
})

test('nonsense is refused', () => {
  expect(() => runs({ floor, wall: floor }, -1, 1)).toThrow(/filterGlossy must be a density from 0, got -1/)
  expect(() => runs({ floor, wall: floor }, Number.NaN, 1)).toThrow(/filterGlossy/)
})
