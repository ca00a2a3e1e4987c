/** The camera's physics in pictures: the circle of confusion of a thin lens, exposure as a mean over time, and labels without a lens. */
import { quat, type SceneInput } from '@dioramic/scene'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadKernel } from '../../src/node/index.ts'
import { createRenderer } from '../../src/renderer.ts'
import type { Renderer } from '../../src/types.ts'
import { constantEnvironment, cube, icosphere, keyframeMotion, resolveByHand } from '../support/scenes.ts'

let renderer: Renderer
beforeAll(async () => {
  renderer = await createRenderer(await loadKernel())
})

const SIZE = 64
const FOCAL = 50
const SENSOR = 32

describe('circle of confusion: diameter A · v · |1/s − 1/z|, for a lens of diameter A, image distance v, focus s and an emitter at z', () => {
  /** Mass, centre and radius of gyration of the spot that a small ball makes, pixels. */
  function spot(aperture: number, focus: number, depth: number, aside = 0) {
    const emitter = (0.8 / ((FOCAL / SENSOR) * SIZE)) * depth
    const scene: SceneInput = {
      cameras: [
        {
          resolution: [SIZE, SIZE],
          position: [0, 0, 0],
          rotation: [0, 0, 0, 1],
          focalLength: FOCAL,
          sensorWidth: SENSOR,
          aperture,
          focusDistance: focus,
        },
      ],
      objects: [],
      lights: [{ type: 'point', name: 'star', position: [aside * depth, 0, -depth], radius: emitter, power: 1, visible: true }],
    }
    const resolved = resolveByHand(scene, {})
    const { color } = renderer.load(resolved, keyframeMotion(resolved)).radiance({ camera: 0, frame: 0, spp: 256, seed: [1, 1] })
    let [mass, mx, my, square] = [0, 0, 0, 0]
    for (let i = 0; i < SIZE * SIZE; i++) {
      const [x, y, w] = [(i % SIZE) + 0.5, Math.floor(i / SIZE) + 0.5, color[i * 3]!]
      mass += w
      mx += w * x
      my += w * y
      square += w * (x * x + y * y)
    }
    mx /= mass
    my /= mass
    return { mass, x: mx, y: my, spread: square / mass - mx * mx - my * my }
  }
  const sharp = () => spot(0, 1, 2)

  test.each<[string, number, number, number]>([
    ['behind the focus', 0.3, 1, 2],
    ['far behind', 0.25, 1.5, 20],
    ['in front', 0.4, 4, 1.5],
    ['a wide lens', 1, 6, 3],
  ])('%s', (_, aperture, focus, depth) => {
    const expected = aperture * (FOCAL / SENSOR) * SIZE * Math.abs(1 / focus - 1 / depth)
    // A uniform disk of diameter c has ⟨r²⟩ = c²/8; the emitter, the filter and the pixels add what they have with a pinhole.
    const diameter = Math.sqrt(8 * (spot(aperture, focus, depth).spread - sharp().spread))
    if (process.env['TRUTH_FIGURES']) console.log(_, expected, diameter)
    expect(expected).toBeGreaterThan(10)
    expect(Math.abs(diameter / expected - 1)).toBeLessThan(0.025)
  })
  test('in focus a point stays a point, the light is the pinhole’s, and the centre does not move', () => {
    const [a, b] = [sharp(), spot(0.2, 2, 2)]
    expect(Math.abs(b.spread - a.spread)).toBeLessThan(0.05)
    // What the lens blurs is neither lost nor moved: radiance times the area of the emitter's image in focus.
    const blurred = spot(0.05, 1, 2, 0.1)
    expect(Math.abs(blurred.x - (SIZE / 2 + 0.1 * (FOCAL / SENSOR) * SIZE))).toBeLessThan(0.1)
    const radius = (0.8 / ((FOCAL / SENSOR) * SIZE)) * 2
    const light = (0.8 * 0.8 * Math.PI) / (4 * Math.PI * Math.PI * radius * radius)
    expect(Math.abs(blurred.mass / light - 1)).toBeLessThan(0.08)
  })
})

describe('motion blur is the mean of exposures in between', () => {
  const moving = (fps: number, shutter: number): SceneInput => ({
    fps,
    frames: 64,
    cameras: [{ resolution: [20, 12], position: [0, 0, 6], rotation: [0, 0, 0, 1], focalLength: 40, shutter }],
    environment: { light: { type: 'constant', color: [1, 1, 1] } },
    materials: { glow: { baseColor: [0, 0, 0], specular: 0, emission: [3, 2, 1] }, red: { baseColor: [0.7, 0.1, 0.1] } },
    objects: [
      {
        id: 1,
        name: 'ball',
        geometry: 'ball',
        material: 'glow',
        scale: [0.35, 0.35, 0.35],
        position: {
          interpolation: 'linear',
          keys: [
            [0, [-1.5, 0.4, 0]],
            [1, [1.5, 0.4, 0]],
          ],
        },
      },
      {
        id: 2,
        name: 'rotor',
        geometry: 'cube',
        material: 'red',
        position: [0, -0.5, 0],
        scale: [2, 0.2, 0.2],
        rotation: {
          interpolation: 'linear',
          keys: [
            [0, [0, 0, 0, 1]],
            [0.5, [...quat.fromAxisAngle([0, 0, 1], 1)] as never],
            [1, [...quat.fromAxisAngle([0, 0, 1], 2)] as never],
          ],
        },
      },
    ],
  })
  const sky = constantEnvironment([0.2, 0.3, 0.4])
  const meshes = { ball: icosphere(3), cube: cube() }
  const render = (fps: number, shutter: number, frame: number, spp: number, seed: number) => {
    const resolved = resolveByHand(moving(fps, shutter), meshes, { light: sky, background: sky })
    return renderer.load(resolved, keyframeMotion(resolved)).radiance({ camera: 0, frame, spp, seed: [seed, 3] }).color
  }
  const rms = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    let s = 0
    for (let i = 0; i < a.length; i++) s += (a[i]! - b[i]!) ** 2
    return Math.sqrt(s / a.length)
  }
  const meanOf = (pictures: readonly Float32Array[]) =>
    Float64Array.from(pictures[0]!, (_, i) => pictures.reduce((s, p) => s + p[i]!, 0) / pictures.length)
  const K = 5

  test('a frame of 1/2 s is the mean of its five tenths of a second', () => {
    const blurred = render(2, 1, 1, 500, 1)
    const parts = meanOf(Array.from({ length: K }, (_, j) => render(2 * K, 1, K - (K - 1) / 2 + j, 200, 10 + j)))
    const noise = rms(render(2, 1, 1, 500, 2), blurred)
    const apart = rms(blurred, parts)
    if (process.env['TRUTH_FIGURES']) console.log('parts', apart, noise)
    expect(apart).toBeLessThan(1.3 * noise)
    // It can fail: one of the five a tenth of a second late.
    const late = meanOf(Array.from({ length: K }, (_, j) => render(2 * K, 1, K - (K - 1) / 2 + j + (j === 4 ? 1 : 0), 200, 10 + j)))
    expect(rms(blurred, late)).toBeGreaterThan(2 * noise)
  })
  test('and the mean of many frozen instants; the middle one alone is sharp', () => {
    const n = 75
    const blurred = render(2, 1, 1, 500, 1)
    const instants = meanOf(Array.from({ length: n }, (_, j) => render(2 * n, 0, n - (n - 1) / 2 + j, 16, 50 + j)))
    const noise = rms(render(2, 1, 1, 500, 2), blurred)
    if (process.env['TRUTH_FIGURES']) console.log('instants', rms(blurred, instants), noise)
    expect(rms(blurred, instants)).toBeLessThan(1.6 * noise)
    expect(rms(blurred, render(2, 0, 1, 64, 3))).toBeGreaterThan(10 * noise)
  })
})

test('exact rays, which labels are made of, know neither lens nor shutter nor filter', () => {
  const hits = (aperture: number, shutter: number) => {
    const scene: SceneInput = {
      cameras: [{ resolution: [32, 32], position: [0, 0, 3], rotation: [0, 0, 0, 1], aperture, focusDistance: 1, shutter }],
      materials: { m: {} },
      objects: [{ id: 1, name: 'ball', geometry: 'ball', material: 'm' }],
    }
    const resolved = resolveByHand(scene, { ball: icosphere(2) })
    const loaded = renderer.load(resolved, keyframeMotion(resolved))
    // A picture in between must not leave its lens behind.
    loaded.radiance({ camera: 0, frame: 0, spp: 1, seed: [1, 2] })
    const n = 400
    const origins = new Float64Array(n * 3)
    const directions = new Float64Array(n * 3)
    for (let i = 0; i < n; i++) {
      origins.set([0, 0, 3], i * 3)
      directions.set([((i % 20) - 9.5) / 20, (Math.floor(i / 20) - 9.5) / 20, -1], i * 3)
    }
    return loaded.rays(0).closest({ count: n, origins, directions, tMin: 0, tMax: Infinity })
  }
  const [pinhole, lens] = [hits(0, 0), hits(0.5, 1)]
  expect(pinhole.instance.filter(i => i === 0).length).toBeGreaterThan(50)
  expect(lens).toEqual(pinhole)
})
