/** The share of an object's image that the picture's border cuts off: closed forms, and the masks of a camera that sees more. */
import { expect, test } from 'vitest'
import { camera, cube, eye, rest, sphere, square, stage, turnQuat, unit, type V } from '../../test/kit/oracle.ts'
import { fc, test as property } from '../../test/kit/property.ts'
import { maskAmodal } from './mask-amodal.ts'
import { occlusion } from './occlusion.ts'
import { truncation } from './truncation.ts'

// 64 × 48 pixels; at 4 m before the camera a pixel is 5 cm.
const front = eye([0, -4, 0], [0, 0, 0])
const upright = turnQuat([1, 0, 0], Math.PI / 2)
const at = (position: V) => () => ({ position, rotation: upright })
const fractions = (objects: Parameters<typeof stage>[0]['objects'], cameras = [camera([front])]) =>
  truncation.compute(stage({ cameras, objects }).context(0)).map(f => f['truncatedAreaFraction'] as number)

test('of squares it is the share of their area, hidden or not', () => {
  const wall = { mesh: square(3), path: at([0, -1, 0]) }
  const [, inside, half, corner, outside, behind] = fractions([
    wall,
    { mesh: square(1), path: at([0, 0, 0]) },
    // The right border is 1.6 m from the middle, the upper one 1.2 m.
    { mesh: square(1), path: at([1.6, 0, 0]) },
    { mesh: square(1), path: at([1.6, 0, 1.2]) },
    { mesh: square(1), path: at([9, 0, 0]) },
    { mesh: square(1), path: at([0, -9, 0]) },
  ])
  expect([inside, half, corner, outside, behind]).toEqual([0, 0.5, 0.75, 1, 1])
})

test('of a ball it is a segment of its outline, where its box says another share', () => {
  const { mesh } = sphere(1, 24, 48)
  // From 40 m with a long lens: a circle of 20 pixels, whose centre is 10 pixels from the border.
  const far = eye([0, -40, 0], [0, 0, 0], 800)
  const [share] = fractions([{ mesh, path: at([22 / 20, 0, 0]) }], [camera([far])])
  const h = 0.5
  expect(Math.abs(share - (Math.acos(h) - h * Math.sqrt(1 - h * h)) / Math.PI)).toBeLessThan(0.005)
})

test('a large image is counted on a coarser grid; backgrounds are not counted', () => {
  const near = { mesh: square(1), path: at([0.5, -3.9, 0]) }
  // 800 pixels wide around the column 432: the picture has 64 × 48 of 800 × 800.
  expect(Math.abs(fractions([near])[0] - (1 - (32 * 48) / 800 ** 2))).toBeLessThan(0.002)
  const s = stage({ cameras: [camera([front])], objects: [near] })
  const scene = { ...s.resolved.scene, objects: s.resolved.scene.objects.map(o => ({ ...o, isBackground: true })) }
  expect(truncation.compute({ ...s.context(0), resolved: { ...s.resolved, scene } })).toEqual([{ truncatedAreaFraction: null }])
})

property.prop(
  'it is the amodal mask outside the picture over all of it, as a camera of three times the picture sees it',
  fc.record({
    position: fc.tuple(fc.double({ min: -2, max: 2 }), fc.double({ min: -1, max: 1 }), fc.double({ min: -2, max: 2 })),
    axis: fc.tuple(fc.double({ min: 0.1, max: 1 }), fc.double({ min: -1, max: 1 }), fc.double({ min: -1, max: 1 })),
    angle: fc.double({ min: 0, max: 6 }),
    k1: fc.constantFrom(0, 0.05),
  }),
  ({ position, axis, angle, k1 }) => {
    const objects = [
      { mesh: cube(), path: () => ({ position: position as V, rotation: turnQuat(unit(axis as V), angle) }) },
      { mesh: square(0.2), path: () => rest },
    ]
    const lens = k1 === 0 ? {} : { distortion: { k: [k1] } }
    const wide = eye([0, -4, 0], [0, 0, 0], 80, 192, 144)
    const see = (e: typeof front) => stage({ cameras: [{ ...camera([e]), ...lens } as never], objects })
    const small = see(front).context(0)
    const large = see(wide).context(0)
    const share = truncation.compute(small)[0]['truncatedAreaFraction'] as number
    const inside = occlusion.compute(small)[0]['amodalPixels'] as number
    const all = occlusion.compute(large)[0]['amodalPixels'] as number
    expect(maskAmodal.compute(large)[0]['maskAmodal'] === null).toBe(all === 0)
    // Rounding decides for rays that graze an edge.
    if (all > 0) expect(Math.abs(share - (1 - inside / all))).toBeLessThan(2.5 / all)
  },
  12,
)
