/** Normals, object coordinates and uv. */
import { describe, expect, test } from 'vitest'
import {
  camera,
  cube,
  eachPixel,
  eye,
  image,
  inner,
  norm,
  plus,
  ray,
  sphere,
  square,
  stage,
  turn,
  turnQuat,
  unit,
  type V,
} from '../../test/kit/oracle.ts'
import type { PixelLabel } from '../label.ts'
import { LAYER_SPECS } from '../specs.ts'
import { normal } from './normal.ts'
import { normalCamera } from './normal-camera.ts'
import { normalShading } from './normal-shading.ts'
import { objectCoordinates } from './object-coordinates.ts'
import { uv } from './uv.ts'

/** Physical value of pixel p, as a reader decodes it. */
const decode = (label: PixelLabel, data: ArrayLike<number>, p: number): V => {
  const { scale, offset } = label.spec
  return [0, 1, 2].map(i => data[3 * p + i] * scale + offset) as unknown as V
}
const STEP = 1 / 32767

describe('normals', () => {
  const e = eye([1.5, -2, 1.2], [0, 0, 0])
  const axis = unit([0.3, -0.5, 0.8])
  const pose = () => ({ position: [0.1, 0, 0] as V, rotation: turnQuat(axis, 1.1) })

  test('of a stretched and turned cube are the turned axes that face the camera, in world and camera frame', () => {
    const c = stage({ cameras: [camera([e])], objects: [{ mesh: cube(), scale: [1.2, 0.7, 0.9], path: pose }] }).context(0)
    const [world, own] = [normal.compute(c).data, normalCamera.compute(c).data]
    const faces = (
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ] as const
    )
      .map(a => turn(a, axis, 1.1))
      .flatMap(a => [a, plus([0, 0, 0], a, -1)])
    const seen = new Set<number>()
    eachPixel(e, (i, j, p) => {
      const n = decode(normal, world, p)
      if (c.primary.instance[p] < 0) return expect(Array.from(world.subarray(3 * p, 3 * p + 3))).toEqual([32768, 32768, 32768])
      const face = faces.findIndex(f => norm(plus(f, n, -1)) < 2 * STEP)
      expect(face).toBeGreaterThanOrEqual(0)
      seen.add(face)
      expect(inner(n, ray(e, i + 0.5, j + 0.5))).toBeLessThan(0)
      const f = faces[face]
      expect(norm(plus(decode(normalCamera, own, p), [inner(f, e.right), inner(f, e.up), inner(f, e.back)], -1))).toBeLessThan(2 * STEP)
    })
    // A face is seen when the eye is on its outer side; edge-on ones fill no pixel here.
    const half = [0.6, 0.6, 0.35, 0.35, 0.45, 0.45]
    const before = faces.flatMap((f, k) => (inner(f, plus(e.at, [0.1, 0, 0], -1)) > half[k] ? [k] : []))
    expect([...seen].sort()).toEqual(before)
  })

  test('a plane seen from below faces down', () => {
    const below = eye([0.3, -1, -1], [0, 0, 0])
    const n = normal.compute(stage({ cameras: [camera([below])], objects: [{ mesh: square(9) }] }).context(0)).data
    expect(Array.from(n.subarray(0, 3))).toEqual([32768, 32768, 1])
  })

  test('shading normals of an ellipsoid are the gradient of its equation, geometric ones within its tessellation', () => {
    const scale: V = [1.3, 0.6, 0.9]
    const { mesh } = sphere(0.5)
    const c = stage({ cameras: [camera([e])], objects: [{ mesh, scale, path: pose }] }).context(0)
    const [smooth, flat] = [normalShading.compute(c).data, normal.compute(c).data]
    let seen = 0
    eachPixel(e, (i, j, p) => {
      if (c.primary.instance[p] < 0) return
      const w = ray(e, i + 0.5, j + 0.5)
      const world = plus(e.at, w, c.primary.t[p])
      const local = turn(plus(world, pose().position, -1), axis, -1.1)
      const truth = unit(turn(local.map((x, a) => x / (scale[a] * scale[a])) as unknown as V, axis, 1.1))
      if (inner(truth, unit(w)) > -0.1) return
      seen++
      expect(inner(decode(normalShading, smooth, p), truth)).toBeGreaterThan(1 - 5e-5)
      expect(inner(decode(normal, flat, p), truth)).toBeGreaterThan(1 - 5e-3)
    })
    expect(seen).toBeGreaterThan(300)
  })

  test('zero reads as zero and ±1 as ±1', () => {
    const { scale, offset } = LAYER_SPECS.normal
    expect(32768 * scale + offset).toBe(0)
    expect([1 * scale + offset, 65535 * scale + offset].map(x => Math.abs(x))).toEqual([expect.closeTo(1, 14), expect.closeTo(1, 14)])
  })
})

describe('object coordinates and uv', () => {
  test('of a moved and stretched cube come from depth and pose', () => {
    const e = eye([1.5, -2, 1.2], [0, 0, 0])
    const axis = unit([0.3, -0.5, 0.8])
    const scale: V = [1.2, 0.7, 0.9]
    const c = stage({
      cameras: [camera([e])],
      objects: [{ mesh: cube(), scale, path: () => ({ position: [0.1, 0, 0], rotation: turnQuat(axis, 1.1) }) }],
    }).context(0)
    const data = objectCoordinates.compute(c).data
    eachPixel(e, (i, j, p) => {
      if (c.primary.instance[p] < 0) return expect(Array.from(data.subarray(3 * p, 3 * p + 3))).toEqual([0, 0, 0])
      const world = plus(e.at, ray(e, i + 0.5, j + 0.5), c.primary.t[p])
      const local = turn(plus(world, [0.1, 0, 0], -1), axis, -1.1)
      const read = decode(objectCoordinates, data, p)
      for (let a = 0; a < 3; a++) expect(Math.abs(read[a] - (local[a] / scale[a] + 0.5))).toBeLessThan(0.51 / 65535 + 1e-9)
    })
  })

  test('on a plane both are affine in the position, and the axis without extent is 0', () => {
    const e = eye([0.4, -2, 2], [0, 0, 0])
    const c = stage({ cameras: [camera([e])], objects: [{ mesh: square(2) }, { mesh: cube(), scale: [0.2, 0.2, 0.2] }] }).context(0)
    const [xyz, st] = [objectCoordinates.compute(c).data, uv.compute(c).data]
    let seen = 0
    eachPixel(e, (i, j, p) => {
      if (c.primary.instance[p] !== 0) return expect([st[2 * p], st[2 * p + 1]]).toEqual([0, 0])
      const w = ray(e, i + 0.5, j + 0.5)
      const [x, y] = plus(e.at, w, -e.at[2] / w[2])
      expect(Math.abs(st[2 * p] - (x / 2 + 0.5))).toBeLessThan(1e-6)
      expect(Math.abs(st[2 * p + 1] - (y / 2 + 0.5))).toBeLessThan(1e-6)
      expect(xyz[3 * p + 2]).toBe(0)
      expect(Math.abs(xyz[3 * p] / 65535 - (x / 2 + 0.5))).toBeLessThan(1e-5)
      seen++
    })
    expect(seen).toBeGreaterThan(300)
    expect(image(e, [0, 0, 0])[0]).toBeCloseTo(32)
  })
})
