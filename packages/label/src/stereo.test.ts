/** Disparity and stereo occlusion: the formula of a rectified pair, an own pinhole for any pair, and brute-force rays. */
import { describe, expect, test } from 'vitest'
import { bruteRays, camera, cube, type Eye, eachPixel, eye, image, plus, ray, rest, square, stage, type V } from '../test/kit/oracle.ts'
import { INVALID, OCCLUDED, OUT_OF_FRAME } from './flow.ts'
import { LabelError } from './label.ts'
import { disparity, disparityMask } from './labels/disparity.ts'
import { stereoTo } from './labels/stereo-to.ts'
import { selectLabels } from './select.ts'

const left = eye([1.5, -2, 1.2], [0, 0, 0.2])
const objects = [
  { mesh: square(6) },
  { mesh: cube(), scale: [0.5, 0.4, 0.6] as V, path: () => ({ ...rest, position: [0.1, 0, 0.3] as V }) },
  { mesh: cube(), scale: [0.2, 0.2, 0.2] as V, path: () => ({ ...rest, position: [0.7, -0.9, 0.5] as V }) },
]
const pair = (right: Eye) =>
  stage({
    cameras: [
      { ...camera([left]), name: 'left' },
      { ...camera([right]), name: 'right' },
    ],
    objects,
  })

describe('stereo', () => {
  test('on a rectified pair the disparity is f · B / depth and nothing moves down', () => {
    const right = { ...left, at: plus(left.at, left.right, 0.1) }
    const c = pair(right).context(0)
    const offset = stereoTo('stereo-to-right')!.compute(c).data
    let seen = 0
    eachPixel(left, (_i, _j, p) => {
      const truth = c.primary.instance[p] < 0 ? 0 : (-left.f * 0.1) / c.primary.t[p]
      expect(Math.abs(offset[2 * p] - truth)).toBeLessThan(1e-4)
      expect(Math.abs(offset[2 * p + 1])).toBeLessThan(1e-4)
      seen++
    })
    expect(seen).toBe(64 * 48)
  })

  test('disparity is f · B / depth in both pictures, and its mask what brute force hides', () => {
    const right = { ...left, at: plus(left.at, left.right, 0.1) }
    const s = pair(right)
    for (const [index, [here, there]] of [
      [left, right],
      [right, left],
    ].entries()) {
      const c = s.context(0, index)
      const [d, flags] = [disparity.compute(c).data, disparityMask.compute(c).data]
      const truth = bruteRays(s.resolved, s.motion, 0)
      let [hidden, out] = [0, 0]
      eachPixel(here, (i, j, p) => {
        const miss = c.primary.instance[p] < 0
        const expected = miss ? 0 : (here.f * 0.1) / c.primary.t[p]
        expect(Math.abs(d[p] - expected)).toBeLessThan(1e-4)
        if (miss) return
        const point = plus(here.at, ray(here, i + 0.5, j + 0.5), c.primary.t[p])
        const [u, v] = image(there, point)
        const hits = truth.closest({
          count: 1,
          origins: Float64Array.from(there.at),
          directions: Float64Array.from(plus(point, there.at, -1)),
          tMin: 0,
          tMax: 1 - 1e-5,
        })
        const expectedFlags = (hits.instance[0] >= 0 ? OCCLUDED : 0) | (u >= 0 && v >= 0 && u < 64 && v < 48 ? 0 : OUT_OF_FRAME)
        expect(flags[p]).toBe(expectedFlags)
        if (expectedFlags & OCCLUDED) hidden++
        if (expectedFlags & OUT_OF_FRAME) out++
      })
      expect(Math.min(hidden, out)).toBeGreaterThan(20)
    }
  })

  test.each<[string, Eye, RegExp]>([
    ['not side by side', { ...left, at: plus(left.at, left.up, 0.1) }, /its cameras are not side by side: one is at/],
    ['turned in', eye([1.4, -2, 1.2], [0.3, 0, 0.2]), /its cameras do not look the same way/],
    ['of another focal length', { ...left, at: plus(left.at, left.right, 0.1), f: 90 }, /its cameras differ in fx: 80 and 90/],
  ])('disparity of a pair that is %s is refused, and stereo-to named', (_, right, message) => {
    const c = pair(right).context(0)
    expect(() => disparity.compute(c)).toThrow(message)
    expect(() => disparityMask.compute(c)).toThrow(/stereo-to-<camera>/)
    const alone = stage({ cameras: [camera([left])], objects }).context(0)
    expect(() => disparity.compute(alone)).toThrow(/needs a rectified pair, but the scene has 1 camera\./)
  })

  test('of any pair it is what the other pinhole sees; brute force says what is hidden, the sky included', () => {
    const right = eye([0.9, -2.3, 1.5], [0.2, 0.1, 0.4], 70)
    const s = pair(right)
    const c = s.context(0)
    const [offset, flags] = [stereoTo('stereo-to-right')!.compute(c).data, stereoTo('stereo-to-right-mask')!.compute(c).data]
    const truth = bruteRays(s.resolved, s.motion, 0)
    const count = { hidden: 0, out: 0, sky: 0 }
    eachPixel(left, (i, j, p) => {
      const miss = c.primary.instance[p] < 0
      const d = ray(left, i + 0.5, j + 0.5)
      const point = miss ? plus(right.at, d) : plus(left.at, d, c.primary.t[p])
      const [u, v, depth] = image(right, point)
      if (depth < 1e-3) return expect(flags[p] & INVALID).toBe(INVALID)
      // The sky is compared as a direction, whose rounding grows with its offset.
      expect(Math.abs(offset[2 * p] - (u - i - 0.5))).toBeLessThan(1e-4 + 1e-6 * Math.abs(u))
      expect(Math.abs(offset[2 * p + 1] - (v - j - 0.5))).toBeLessThan(1e-4 + 1e-6 * Math.abs(v))
      const hits = truth.closest({
        count: 1,
        origins: Float64Array.from(right.at),
        directions: Float64Array.from(plus(point, right.at, -1)),
        tMin: 0,
        tMax: miss ? Infinity : 1 - 1e-5,
      })
      const hidden = hits.instance[0] >= 0
      const out = !(u >= 0 && v >= 0 && u < 64 && v < 48)
      expect(flags[p]).toBe((hidden ? OCCLUDED : 0) | (out ? OUT_OF_FRAME : 0))
      if (hidden) count.hidden++
      if (out) count.out++
      if (miss) count.sky++
    })
    for (const n of Object.values(count)) expect(n).toBeGreaterThan(20)
  })

  test('to itself nothing moves; a camera that is not there is told with those that are', () => {
    const s = pair({ ...left, at: plus(left.at, left.right, 0.1) })
    expect(
      stereoTo('stereo-to-left')!
        .compute(s.context(0))
        .data.every(x => x === 0),
    ).toBe(true)
    expect(() => stereoTo('stereo-to-middle')!.compute(s.context(0))).toThrow(/no camera "middle"; the scene has: left, right/)
    expect(selectLabels('stereo-to-left,stereo-to-left-mask').length).toBe(2)
    expect(() => selectLabels('stereo-to-')).toThrow(LabelError)
  })
})
