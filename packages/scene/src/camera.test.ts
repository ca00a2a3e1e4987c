import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CameraState, cameraAt, cameraRay, project, unproject } from './camera.ts'
import { Key } from './key.ts'
import { lookAt } from './maths/quat.ts'
import { add, dot, scale } from './maths/vec3.ts'
import { cameraSchema } from './schema/camera.ts'

const camera = (input: object) => cameraSchema.parse({ position: [0, 0, 0], rotation: [0, 0, 0, 1], ...input })

test('the axis meets the principal point; right is +u, up is −v', () => {
  const c = cameraAt(camera({ resolution: [640, 480] }), 0)
  expect(c).toMatchObject({ fx: 700, fy: 700, cx: 320, cy: 240 })
  expect(project(c, [0, 0, -2])).toEqual({ u: 320, v: 240, depth: 2, imaged: true })
  expect(project(c, [1, 0, -2])).toEqual({ u: 670, v: 240, depth: 2, imaged: true })
  expect(project(c, [0, 1, -2])).toEqual({ u: 320, v: -110, depth: 2, imaged: true })
  expect(project(c, [0, 0, 1])).toMatchObject({ depth: -1, imaged: false })
})

test('the edge of the picture is where the sensor ends: field of view 2·atan(sensor / 2f)', () => {
  const c = cameraAt(camera({ focalLength: 35, sensorWidth: 32 }), 0)
  const x = Math.tan(0.857556 / 2)
  expect(project(c, [x, 0, -1]).u).toBeCloseTo(256, 3)
})

test('the principal point moves by a fraction of the picture, right and down', () => {
  const c = cameraAt(camera({ resolution: [200, 100], principalOffset: [0.1, -0.2] }), 0)
  expect([c.cx, c.cy]).toEqual([120, 30])
})

test('a zoom and a move are read at their time', () => {
  const c = camera({
    focalLength: {
      keys: [
        [0, 30],
        [2, 50],
      ],
    },
    position: {
      keys: [
        [0, [0, 0, 0]],
        [2, [2, 0, 0]],
      ],
    },
  })
  expect(cameraAt(c, 1).fx).toBeCloseTo((40 / 32) * 256, 12)
  expect(cameraAt(c, 1).position).toEqual([1, 0, 0])
})

describe('for any camera', () => {
  const state: fc.Arbitrary<CameraState> = fc
    .record({
      seed: fc.nat(),
      f: fc.double({ min: 10, max: 200, noNaN: true }),
      w: fc.integer({ min: 1, max: 2000 }),
      h: fc.integer({ min: 1, max: 2000 }),
    })
    .map(({ seed, f, w, h }) => {
      const k = Key.fromSeed(seed)
      const c = camera({
        resolution: [w, h],
        focalLength: f,
        rotation: k.rotation(),
        position: scale(k.fork('p').direction(), 5),
        principalOffset: [0.03, -0.07],
      })
      return cameraAt(c, 0)
    })
  const raster = fc.tuple(fc.double({ min: -1, max: 2, noNaN: true }), fc.double({ min: -1, max: 2, noNaN: true }))
  const depth = fc.double({ min: 0.01, max: 1000, noNaN: true })

  test('unproject undoes project', () => {
    fc.assert(
      fc.property(state, raster, depth, (c, [x, y], z) => {
        const p = unproject(c, x * c.width, y * c.height, z)
        const r = project(c, p)
        expect(Math.abs(r.u - x * c.width)).toBeLessThan(1e-7)
        expect(Math.abs(r.v - y * c.height)).toBeLessThan(1e-7)
        expect(Math.abs(r.depth / z - 1)).toBeLessThan(1e-9)
      }),
    )
  })

  test('a ray direction has 1 along the optical axis', () => {
    fc.assert(
      fc.property(state, raster, (c, [x, y]) => {
        const d = cameraRay(c, x * c.width, y * c.height)!.direction
        const axis = cameraRay(c, c.cx, c.cy)!.direction
        expect(dot(d, axis)).toBeCloseTo(1, 10)
        expect(project(c, add(c.position, d)).depth).toBeCloseTo(1, 10)
      }),
    )
  })
})

test('a camera that looks at a point has it in the middle', () => {
  const position = [7.48, -6.5, 5.34] as const
  const c = cameraAt(camera({ position: [...position], rotation: [...lookAt(position, [0, 0, 0])] }), 0)
  const r = project(c, [0, 0, 0])
  expect([r.u, r.v]).toEqual([expect.closeTo(128, 9), expect.closeTo(128, 9)])
  expect(project(c, [0, 0, 1]).v).toBeLessThan(128)
})
