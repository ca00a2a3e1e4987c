/** Every lens model: project and ray undo each other, and meet closed forms. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cameraAt, cameraRay, project, unproject } from '../camera.ts'
import { Key } from '../key.ts'
import { type Camera, cameraSchema } from '../schema/camera.ts'
import { sceneSchema } from '../schema/scene.ts'
import { NEAR } from './lens.ts'
import { projectionOf } from './projection.ts'

const camera = (input: object): Camera =>
  cameraSchema.parse({ position: [0, 0, 0], rotation: [0, 0, 0, 1], resolution: [640, 480], ...input })

/** Cameras of every model; coefficients of real lenses and stronger. */
const lenses: Record<string, Camera> = {
  pinhole: camera({ principalOffset: [0.02, -0.03], pixelAspect: 1.1 }),
  'brown-conrady, barrel': camera({ distortion: { k: [-0.28, 0.07], p: [2e-4, 2e-5] }, focalLength: 30 }),
  'brown-conrady, rational with prism': camera({
    distortion: { k: [0.6, 0.05, 0.001, 0.95, 0.2, 0.01], p: [1e-3, -2e-3], s: [1e-3, -1e-3, 2e-3, 5e-4] },
    focalLength: 24,
    principalOffset: [0.01, 0.02],
  }),
  'brown-conrady, pincushion': camera({ distortion: { k: [0.2, 0.05, 0.01] } }),
  'fisheye, equidistant': camera({ type: 'fisheye', focalLength: 9 }),
  'fisheye, Kannala–Brandt': camera({
    type: 'fisheye',
    focalLength: 14,
    distortion: [-0.02, 0.004, -0.003, 5e-4],
    principalOffset: [0.03, 0.01],
  }),
  orthographic: camera({ type: 'orthographic', extent: 3, principalOffset: [0.1, 0] }),
  equirectangular: camera({ type: 'equirectangular', resolution: [640, 320] }),
}

describe.each(Object.entries(lenses))('%s', (_, lens) => {
  const state = cameraAt(lens, 0)
  const { project: put, ray, axial } = projectionOf(state)
  const inside = fc.tuple(fc.double({ min: -0.002, max: 1.002, noNaN: true }), fc.double({ min: -0.002, max: 1.002, noNaN: true }))

  test('a point on the ray of a place is seen at that place', () => {
    const out = new Float64Array(6)
    const at = new Float64Array(2)
    fc.assert(
      fc.property(inside, fc.double({ min: 0.01, max: 1000, noNaN: true }), ([x, y], t) => {
        const pole = state.lens?.model === 'equirectangular'
        const [u, v] = [
          (pole ? 0.001 + 0.998 * Math.min(Math.max(x, 0), 1) : x) * state.width,
          (pole ? 0.02 + 0.96 * Math.min(Math.max(y, 0), 1) : y) * state.height,
        ]
        expect(ray(u, v, out)).toBe(true)
        const [dx, dy, dz, ox, oy, oz] = out
        expect(Math.abs(axial ? dz! + 1 : Math.hypot(dx!, dy!, dz!) - 1)).toBeLessThan(1e-12)
        expect(put(ox! + t * dx!, oy! + t * dy!, oz! + t * dz!, at)).toBe(true)
        expect(Math.hypot(at[0]! - u, at[1]! - v)).toBeLessThan(1e-8)
      }),
      { numRuns: 400 },
    )
  })

  test('the ray of where a point is seen goes through the point, wherever the camera stands', () => {
    fc.assert(
      fc.property(fc.nat(), seed => {
        const k = Key.fromSeed(seed)
        const placed = cameraAt({ ...lens, position: [...k.fork('p').direction()], rotation: [...k.rotation()] }, 0)
        const p = k.fork('q').direction()
        const seen = project(placed, p)
        if (!seen.imaged) {
          expect([seen.u, seen.v]).toEqual([NaN, NaN])
          return
        }
        // Outside of the picture by far a lens need not be one-to-one to the last digit.
        if (!(seen.u > -200 && seen.v > -200 && seen.u < 840 && seen.v < 680)) return
        const found = cameraRay(placed, seen.u, seen.v)!
        const far = axial ? seen.depth : Math.hypot(...p.map((x, i) => x - placed.position[i]!))
        unproject(placed, seen.u, seen.v, far).forEach((x, i) => {
          expect(Math.abs(x - p[i]!)).toBeLessThan(1e-8)
        })
        expect(found.origin.length).toBe(3)
      }),
      { numRuns: 400 },
    )
  })

  test('nothing nearer than NEAR has an image', () => {
    const out = new Float64Array([7, 7])
    expect(put(0, 0, -NEAR / 2, out)).toBe(false)
    expect([...out]).toEqual([7, 7])
    expect(put(0, 0, -2 * NEAR, out)).toBe(true)
  })
})

describe('closed forms', () => {
  const at = (c: Camera, p: readonly [number, number, number]) => project(cameraAt(c, 0), p)
  test('an equidistant fisheye puts 90° at f·π/2, and sees behind itself', () => {
    const c = lenses['fisheye, equidistant']!
    const f = (9 / 32) * 640
    const side = at(c, [3, 0, 0])
    expect(side.u).toBeCloseTo(320 + (f * Math.PI) / 2, 9)
    expect([side.v, side.depth]).toEqual([240, -0])
    expect(at(c, [0, -1, 1]).v).toBeCloseTo(240 + f * 0.75 * Math.PI, 9)
    expect(at(c, [0, 0, 1]).imaged).toBe(false)
  })
  test('an equirectangular picture is longitude and latitude', () => {
    const c = lenses['equirectangular']!
    expect([at(c, [0, 0, -1]).u, at(c, [0, 0, -1]).v]).toEqual([320, 160])
    expect([at(c, [2, 0, 0]).u, at(c, [0, 5, 0]).v, at(c, [0, -5, 0]).v]).toEqual([480, 0, 320])
    expect(at(c, [-1, 0, 1]).u).toBeCloseTo(80, 9)
    expect(at(c, [0, 1, -1]).v).toBeCloseTo(80, 9)
  })
  test('an orthographic picture measures metres, whatever the depth', () => {
    const c = lenses['orthographic']!
    expect([at(c, [0.5, 0.25, -1]).u, at(c, [0.5, 0.25, -9]).u]).toEqual([384 + 0.5 * (640 / 3), 384 + 0.5 * (640 / 3)])
    expect(at(c, [0.5, 0.25, -9]).v).toBeCloseTo(240 - 0.25 * (640 / 3), 12)
  })
  test('zoom: the focal length follows its keyframes', () => {
    const c = camera({
      type: 'fisheye',
      focalLength: {
        keys: [
          [0, 10],
          [1, 20],
        ],
      },
    })
    expect(cameraAt(c, 0.5).fx).toBeCloseTo((15 / 32) * 640, 12)
    expect(project(cameraAt(c, 0.5), [1, 0, -1]).u).toBeCloseTo(320 + ((15 / 32) * 640 * Math.PI) / 4, 9)
  })
})

describe('coefficients that fold inside the picture are refused, with the place and what to do', () => {
  const scene = (input: object) =>
    sceneSchema.safeParse({ cameras: [{ position: [0, 0, 0], rotation: [0, 0, 0, 1], resolution: [64, 48], ...input }] })
  test.each<[string, object]>([
    ['radial', { distortion: { k: [-0.5] }, focalLength: 16 }],
    ['a pole of the fraction', { distortion: { k: [0, 0, 0, -1.5] }, focalLength: 20 }],
    ['tangential', { distortion: { p: [0.4, 0] }, focalLength: 16 }],
    ['fisheye', { type: 'fisheye', distortion: [-0.3, 0, 0, 0], focalLength: 12 }],
    ['past the point behind', { type: 'fisheye', focalLength: 5 }],
    [
      'zoomed out at one key',
      {
        distortion: { k: [-0.3] },
        focalLength: {
          keys: [
            [0, 60],
            [1, 12],
          ],
        },
      },
    ],
  ])('%s', (_, input) => {
    const { error } = scene(input)
    expect(error?.issues[0]?.path).toEqual(['cameras', 0, 'distortion'])
    expect(error?.issues[0]?.message).toMatch(
      /^the distortion folds inside the picture: no ray leads to \(.*\) of 64 × 48\. .*; use a longer focal length/,
    )
  })
  test('the same coefficients behind a longer lens are taken', () => {
    expect(scene({ distortion: { k: [-0.5] }, focalLength: 60 }).success).toBe(true)
  })
  test('an unknown type is told with those that are', () => {
    expect(JSON.stringify(scene({ type: 'fishy' }).error?.issues)).toContain('fisheye')
  })
})
