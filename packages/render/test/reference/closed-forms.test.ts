/** What can be known without any path tracer. Kernel and reference are both held to it, so that they cannot err together. */
import { quat, type SceneInput } from '@dioramic/scene'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadKernel } from '../../src/node/index.ts'
import { createRenderer } from '../../src/renderer.ts'
import { FILTER_WIDTH } from '../../src/tables.ts'
import type { Renderer } from '../../src/types.ts'
import { constantEnvironment, cube, keyframeMotion, resolveByHand, square } from '../support/scenes.ts'
import { fresnel } from './microfacet.ts'
import { renderReference } from './trace.ts'

let renderer: Renderer
beforeAll(async () => {
  renderer = await createRenderer(await loadKernel())
})

const meshes = { square: square(), cube: cube() }
const SIZE = 6
type Vec = [number, number, number]

/** Mean colour of the picture by the kernel and by the reference. */
function means(input: Omit<SceneInput, 'cameras'> & { eye: Vec; at: Vec; bounces: number }, sky: Vec | null, samples: number) {
  const { eye, at, bounces, ...rest } = input
  const rotation = [...quat.lookAt(eye, at)] as [number, number, number, number]
  // A long lens: every ray nearly along the axis.
  const scene: SceneInput = { ...rest, cameras: [{ resolution: [SIZE, SIZE], position: eye, rotation, focalLength: 4000 }] }
  if (sky) scene.environment = { light: { type: 'constant', color: [1, 1, 1] } }
  const map = sky && constantEnvironment(sky)
  const resolved = resolveByHand(scene, meshes, map && { light: map, background: map })
  const motion = keyframeMotion(resolved)
  const mean = (a: ArrayLike<number>, c: number) => Array.from(a).reduce((s, x, i) => s + (i % 3 === c ? x : 0), 0) / (a.length / 3)
  const kernel = renderer.load(resolved, motion).radiance({ camera: 0, frame: 0, spp: samples, seed: [3, 4], maxBounces: bounces }).color
  const reference = renderReference(resolved, motion, 0, { samples, bounces, filterWidth: FILTER_WIDTH, seed: 2 }).estimate.mean
  return [0, 1, 2].map(c => ({ kernel: mean(kernel, c), reference: mean(reference, c) }))
}

describe('a pane of glass lets through (1 − R)/(1 + R), all orders of reflection summed', () => {
  test.each([0, 45, 70])('at %d degrees', degrees => {
    const ior = 1.5
    const [through, mirrored] = [0.75, 0.25]
    const tilt = quat.fromAxisAngle([1, 0, 0], (degrees * Math.PI) / 180)
    const [{ kernel, reference }] = means(
      {
        eye: [0, 0, 20],
        at: [0, 0, 0],
        bounces: 12,
        materials: {
          glass: { baseColor: [1, 1, 1], roughness: 0, transmission: 1, ior },
          lamp: { baseColor: [0, 0, 0], specular: 0, emission: [through, through, through] },
        },
        objects: [
          {
            id: 1,
            name: 'pane',
            geometry: 'cube',
            material: 'glass',
            rotation: [...tilt] as [number, number, number, number],
            scale: [30, 30, 0.1],
          },
          { id: 2, name: 'lamp', geometry: 'square', material: 'lamp', position: [0, 0, -20], scale: [30, 30, 1] },
        ],
      },
      [mirrored, mirrored, mirrored],
      512,
    ) as [{ kernel: number; reference: number }]
    const r = fresnel(Math.cos((degrees * Math.PI) / 180), 1, ior)
    const t = (1 - r) / (1 + r)
    const truth = t * through + (1 - t) * mirrored
    expect(kernel).toBeGreaterThan(truth - 0.006)
    expect(kernel).toBeLessThan(truth + 0.006)
    expect(reference).toBeGreaterThan(truth - 0.012)
    expect(reference).toBeLessThan(truth + 0.012)
  })
})

describe('irradiance under a lamp: radiance of a white Lambertian floor is E/π', () => {
  const floor = {
    eye: [1.5, -1.5, 2] as Vec,
    at: [0, 0, 0] as Vec,
    bounces: 1,
    materials: { white: { baseColor: [1, 1, 1] as Vec, specular: 0 } },
    objects: [{ id: 1, name: 'floor', geometry: 'square', material: 'white', scale: [0.4, 0.4, 1] as Vec }],
  }
  const check = (lights: NonNullable<SceneInput['lights']>, irradiance: number) => {
    const [r] = means({ ...floor, lights }, null, 2048)
    expect(r!.kernel / (irradiance / Math.PI)).toBeGreaterThan(0.995)
    expect(r!.kernel / (irradiance / Math.PI)).toBeLessThan(1.005)
    expect(Math.abs(r!.reference / (irradiance / Math.PI) - 1)).toBeLessThan(0.03)
  }
  test('a point: I cos θ / d²', () => {
    const [x, y, z] = [0.6, 0.5, 1.2]
    const d2 = x * x + y * y + z * z
    check([{ type: 'point', name: 'point', position: [x, y, z], power: 40 }], ((40 / (4 * Math.PI)) * z) / d2 ** 1.5)
  })
  test('a sphere of radius r above the horizon: π L (r/d)² cos θ', () => {
    const [p, r, power] = [[0.8, -0.3, 1], 0.6, 50] as const
    const d = Math.hypot(...p)
    const radiance = power / (4 * Math.PI * Math.PI * r * r)
    check([{ type: 'point', name: 'ball', position: [...p], radius: r, power }], (Math.PI * radiance * r * r * p[2]) / d ** 3)
  })
  test('a disk overhead: π L r²/(r² + h²)', () => {
    const [h, r, power] = [0.7, 0.6, 20]
    const radiance = power / (Math.PI * Math.PI * r * r)
    const rotation: [number, number, number, number] = [0, 0, 0, 1]
    check(
      [{ type: 'area', name: 'disk', shape: 'disk', position: [0, 0, h], rotation, size: [2 * r, 2 * r], power }],
      (Math.PI * radiance * r * r) / (r * r + h * h),
    )
  })
  test('a rectangle overhead, by its four corners (Lambert 1760)', () => {
    const [h, a, b, power] = [0.8, 0.5, 0.35, 20]
    const radiance = power / (Math.PI * 4 * a * b)
    const corner = (a / Math.hypot(a, h)) * Math.atan(b / Math.hypot(a, h)) + (b / Math.hypot(b, h)) * Math.atan(a / Math.hypot(b, h))
    const rotation: [number, number, number, number] = [0, 0, 0, 1]
    check([{ type: 'area', name: 'panel', position: [0, 0, h], rotation, size: [2 * a, 2 * b], power }], 4 * radiance * (corner / 2))
  })
  test('a spot, within its blend: I s cos θ / d²', () => {
    const [x, y, z] = [0.6, 0.5, 1.2]
    const d2 = x * x + y * y + z * z
    const [innerAngle, outerAngle, off] = [0.2, 0.5, 0.32]
    // Aimed past the floor's middle by `off`.
    const aim = quat.multiply(quat.lookAt([x, y, z], [0, 0, 0]), quat.fromAxisAngle([1, 0, 0], off))
    const s = (Math.cos(off) - Math.cos(outerAngle)) / (Math.cos(innerAngle) - Math.cos(outerAngle))
    const spot = { type: 'spot', name: 'spot', position: [x, y, z], rotation: [...aim], innerAngle, outerAngle, power: 40 }
    check([spot as never], ((40 / (4 * Math.PI)) * s * s * (3 - 2 * s) * z) / d2 ** 1.5)
  })
  test('a glowing mesh overhead, turned and stretched: as the rectangle', () => {
    const [h, a, b, radiance] = [0.8, 0.5, 0.35, 6]
    const corner = (a / Math.hypot(a, h)) * Math.atan(b / Math.hypot(a, h)) + (b / Math.hypot(b, h)) * Math.atan(a / Math.hypot(b, h))
    const scene = {
      ...floor,
      materials: {
        ...floor.materials,
        glow: { baseColor: [0, 0, 0] as Vec, specular: 0, emission: [radiance, radiance, radiance] as Vec },
      },
      objects: [
        ...floor.objects,
        // A quarter turn about +Z and half a turn about X: its outer side is up, and it shines from both.
        {
          id: 2,
          name: 'glow',
          geometry: 'square',
          material: 'glow',
          position: [0, 0, h] as Vec,
          rotation: [Math.SQRT1_2, Math.SQRT1_2, 0, 0] as [number, number, number, number],
          scale: [2 * b, 2 * a, 1] as Vec,
        },
      ],
      eye: [1.5, -1.5, 0.7] as Vec,
    }
    const [r] = means(scene, null, 2048)
    const truth = (4 * radiance * (corner / 2)) / Math.PI
    expect(Math.abs(r!.kernel / truth - 1)).toBeLessThan(0.005)
    expect(Math.abs(r!.reference / truth - 1)).toBeLessThan(0.03)
  })
  test('a sun at 50 degrees: irradiance · cos θ', () => {
    const q = quat.fromAxisAngle([1, 0, 0], (50 * Math.PI) / 180)
    check(
      [{ type: 'sun', name: 'sun', rotation: [...q] as [number, number, number, number], irradiance: 3, angle: 0.6 }],
      3 * Math.cos((50 * Math.PI) / 180),
    )
  })
})
