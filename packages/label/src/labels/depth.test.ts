import { describe, expect, test } from 'vitest'
import { camera, cube, eachPixel, eye, inner, norm, plus, ray, rest, sphere, square, stage, type V } from '../../test/kit/oracle.ts'
import { depth } from './depth.ts'
import { distance } from './distance.ts'
import { segmentation } from './segmentation.ts'

const data = (l: typeof depth, c: Parameters<typeof depth.compute>[0]) => l.compute(c).data

/** Axial depth at which a ray from `o` with unit axial component meets the ball; NaN when it misses. */
function ballDepth(o: V, d: V, centre: V, r: number): number {
  const q = plus(o, centre, -1)
  const a = inner(d, d)
  const b = inner(q, d)
  const near = (-b - Math.sqrt(b * b - a * (inner(q, q) - r * r))) / a
  return near > 0 ? near : (-b + Math.sqrt(b * b - a * (inner(q, q) - r * r))) / a
}

describe('depth, distance and segmentation', () => {
  const e = eye([1.5, -2, 1.2], [0, 0, 0.2])

  test('a floor agrees with the plane in closed form, and the sky is +∞ and id 0', () => {
    const s = stage({ cameras: [camera([{ ...e, ...eye([0, -2, 0.5], [0, 0, 0.5]) }])], objects: [{ mesh: square(1000), id: 7 }] })
    const level = eye([0, -2, 0.5], [0, 0, 0.5])
    const c = s.context(0)
    const [d, r, ids] = [data(depth, c), data(distance, c), data(segmentation, c)]
    let floor = 0
    eachPixel(level, (i, j, p) => {
      const w = ray(level, i + 0.5, j + 0.5)
      const t = -0.5 / w[2]
      const seen = w[2] < 0 && t < 400
      if (w[2] < 0 && !seen) return
      if (seen) floor++
      expect(d[p]).toBe(seen ? Math.fround(d[p]) : Infinity)
      if (!seen) return expect([r[p], ids[p]]).toEqual([Infinity, 0])
      expect(Math.abs(d[p] / t - 1)).toBeLessThan(1e-6)
      expect(Math.abs(r[p] / (t * norm(w)) - 1)).toBeLessThan(1e-6)
      expect(ids[p]).toBe(7)
    })
    expect(floor).toBe((64 * 48) / 2)
  })

  test('a sphere agrees with its equation within its tessellation', () => {
    const { mesh, sagitta } = sphere(0.5)
    const s = stage({ cameras: [camera([e])], objects: [{ mesh, path: () => ({ ...rest, position: [0.1, 0.05, 0.2] }) }] })
    const d = data(depth, s.context(0))
    let seen = 0
    eachPixel(e, (i, j, p) => {
      const w = ray(e, i + 0.5, j + 0.5)
      const truth = ballDepth(e.at, w, [0.1, 0.05, 0.2], 0.5)
      // Faces lie between the sphere of radius r − sagitta and that of radius r.
      const deep = ballDepth(e.at, w, [0.1, 0.05, 0.2], 0.5 - sagitta)
      if (Number.isNaN(truth)) return expect(d[p]).toBe(Infinity)
      if (Number.isNaN(deep)) return
      seen++
      expect(d[p]).toBeGreaterThan(truth - 1e-6)
      expect(d[p]).toBeLessThan(deep + 1e-6)
    })
    expect(seen).toBeGreaterThan(400)
  })

  test('from inside a sphere every pixel is at the radius', () => {
    const { mesh, sagitta } = sphere(2)
    const inside = eye([0, 0, 0], [1, 0.3, 0.2])
    const r = data(distance, stage({ cameras: [camera([inside])], objects: [{ mesh }] }).context(0))
    for (const x of r) {
      expect(x).toBeLessThan(2 + 1e-6)
      expect(x).toBeGreaterThan(2 - sagitta - 1e-6)
    }
  })

  test('an empty scene and an object behind the camera are all misses', () => {
    for (const objects of [[], [{ mesh: cube(), path: () => ({ ...rest, position: [3, -4, 2.2] as V }) }]]) {
      const c = stage({ cameras: [camera([e])], objects }).context(0)
      expect(new Set(data(depth, c))).toEqual(new Set([Infinity]))
      expect(new Set(data(segmentation, c))).toEqual(new Set([0]))
    }
  })

  test('ids are those of the scene, in depth order, and an id that 16 bits cannot hold is an error that says so', () => {
    const objects = [
      { mesh: square(4), id: 65535 },
      { mesh: cube(), id: 3, scale: [0.5, 0.5, 0.5] as V, path: () => ({ ...rest, position: [0, 0, 0.5] as V }) },
    ]
    const down = eye([0, 0.001, 3], [0, 0, 0])
    const ids = data(segmentation, stage({ cameras: [camera([down])], objects }).context(0))
    expect(ids[24 * 64 + 32]).toBe(3)
    expect(ids[0]).toBe(65535)
    const big = stage({ cameras: [camera([down])], objects: [{ mesh: square(1), id: 65536 }] })
    expect(() => segmentation.compute(big.context(0))).toThrow(/"o0" has id 65536.*smaller/)
  })
})
