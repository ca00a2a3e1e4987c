import { Key } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import { camera, cube, type Eye, eye, rest, square, stage, turnQuat, type V } from '../../test/kit/oracle.ts'
import type { FrameContext } from '../label.ts'
import { filled } from './fill.ts'
import { measuredDepth } from './measure.ts'
import { axialDeviation, BASELINE, SENSOR_WIDTH, STEP } from './sensor.ts'

/** Looks along +Y, +X to the right; the sensor's own focal length of 580 pixels. */
const look = (width = 64, height = 48): Eye => eye([0, 0, 0], [0, 1, 0], (580 * width) / SENSOR_WIDTH, width, height)
const WALL = turnQuat([1, 0, 0], Math.PI / 2)
const wall = (y: number, size = 200) => ({ mesh: square(size), path: () => ({ position: [0, y, 0] as V, rotation: WALL }) })
function depthOf(objects: Parameters<typeof stage>[0]['objects'], e = look(), seed = 1): Float32Array {
  const context = stage({ cameras: [camera([e])], objects }).context(0)
  return measuredDepth(Object.create(context, { key: { value: Key.fromSeed(seed) } }) as FrameContext)
}

describe('the Kinect of depth-raw', () => {
  test.each([0.8, 1.5, 2.5, 4, 6])('a wall at %s m has the published deviation, and its depth on average', z => {
    const d = depthOf([wall(z)])
    const mean = d.reduce((a, b) => a + b, 0) / d.length
    const deviation = Math.sqrt(d.reduce((a, b) => a + (b - mean) * (b - mean), 0) / d.length)
    expect(d.every(x => x > 0)).toBe(true)
    const sigma = 0.0012 + 0.0019 * (z - 0.4) ** 2
    // 3072 pixels: the deviation's own error is 1.3 %; rounding to steps of up to twice σ adds some.
    expect(deviation / sigma, `${deviation} m for ${sigma} m`).toBeGreaterThan(0.92)
    expect(deviation / sigma, `${deviation} m for ${sigma} m`).toBeLessThan(1.08)
    expect(Math.abs(mean - z)).toBeLessThan((4 * sigma) / Math.sqrt(d.length) + 0.002 * sigma + 0.0002 * z * z)
  })

  test('noise grows with z², and at angles beyond 60° by the term of Nguyen et al.', () => {
    expect(axialDeviation(4.4, 0) - 0.0012).toBeCloseTo(0.0019 * 16, 12)
    expect(axialDeviation(1, 1.2) - axialDeviation(1, 0)).toBeCloseTo((0.0001 * 1.44) / (Math.PI / 2 - 1.2) ** 2, 12)
  })

  test('disparity comes in eighths of a pixel: 2.87 mm apart at 1 m, 2.9 cm at 3.2 m', () => {
    const d = depthOf([wall(3.2)])
    for (const z of d) expect(Math.abs((580 * BASELINE) / z / STEP - Math.round((580 * BASELINE) / z / STEP))).toBeLessThan(1e-4)
    const values = [...new Set(d)].sort((a, b) => a - b)
    expect(values.length).toBeGreaterThan(3)
    expect(values.length).toBeLessThan(12)
    const middle = values.findIndex(z => z > 3.2)
    expect(values[middle] - values[middle - 1]).toBeCloseTo((3.2 * 3.2 * 0.125) / (580 * 0.075), 3)
  })

  test('a box before a wall throws a shadow f b (1/near − 1/far) wide on its left side, none on its right', () => {
    const e = look(320, 12)
    const [near, far] = [1, 3]
    // Its front face is 1 m away; 0.302 m wide, in the middle.
    const box = { mesh: cube(), scale: [0.302, 0.1, 4] as V, path: () => ({ ...rest, position: [0, near + 0.05, 0] as V }) }
    const d = depthOf([wall(far), box], e)
    const expected = 290 * BASELINE * (1 / near - 1 / far)
    const left = 160 - (290 * 0.151) / near
    let columns = 0
    for (let j = 0; j < 12; j++) {
      const holes = Array.from({ length: 320 }, (_, i) => i).filter(i => d[j * 320 + i] === 0)
      columns += holes.length
      // Lateral noise moves its edges by half a pixel or so.
      for (const i of holes) expect(i + 0.5 > left - expected - 2.5 && i + 0.5 < left + 2, `row ${j}, column ${i}`).toBe(true)
    }
    expect(Math.abs(columns / 12 - expected)).toBeLessThan(1)
  })

  test('nothing is measured beyond the range, at grazing angles, and where nothing is', () => {
    expect(depthOf([wall(8.5)]).every(z => z === 0)).toBe(true)
    expect(depthOf([wall(0.45)]).every(z => z === 0)).toBe(true)
    // A floor 0.25 m below: at 5.67 times that distance it is seen under 80°.
    const e = look()
    const d = depthOf([{ mesh: square(100), path: () => ({ ...rest, position: [0, 0, -0.25] as V }) }], e)
    const rows = Array.from({ length: 48 }, (_, j) => d.subarray(64 * j, 64 * j + 64).filter(z => z > 0).length)
    expect(rows.slice(0, 24)).toEqual(Array(24).fill(0))
    const edge = 24 + e.f / Math.tan((80 * Math.PI) / 180)
    expect(edge).toBeGreaterThan(24)
    expect(rows.slice(24, Math.floor(edge) - 1).every(n => n < 32)).toBe(true)
    expect(rows.slice(Math.ceil(edge) + 4).every(n => n > 48)).toBe(true)
  })

  test('one key, one picture; another key, another', () => {
    expect(depthOf([wall(2)], look(), 5)).toEqual(depthOf([wall(2)], look(), 5))
    expect(depthOf([wall(2)], look(), 5)).not.toEqual(depthOf([wall(2)], look(), 6))
  })

  test('a frame without a key, and a camera with a lens, are refused', () => {
    const s = stage({ cameras: [camera([look()])], objects: [wall(2)] })
    expect(() => measuredDepth(s.context(0))).toThrow(/draws its noise from a key/)
    const bent = stage({ cameras: [{ ...camera([look()]), distortion: { k: [0.01] } }], objects: [wall(2)] })
    expect(() => measuredDepth(bent.context(0))).toThrow(/plain pinhole; this camera has the lens/)
  })
})

describe('filling', () => {
  test('holes take the lower median of what is measured around them, from their edges inwards; measured pixels stay', () => {
    const raw = Float32Array.from([1, 0, 3, 0, 0, 0, 0, 0, 0])
    // The hole at 1 sees 1 and 3; those at 3 and 4 see 3 alone, or both.
    expect([...filled(raw, 9, 1)]).toEqual([1, 1, 3, 3, 3, 3, 3, 3, 3])
    expect([...filled(new Float32Array(6), 3, 2)]).toEqual([0, 0, 0, 0, 0, 0])
    const noisy = depthOf(
      [wall(3), { mesh: cube(), scale: [0.302, 0.1, 4], path: () => ({ ...rest, position: [0, 1.05, 0] as V }) }],
      look(320, 12),
    )
    const whole = filled(noisy, 320, 12)
    expect(noisy.some(z => z === 0)).toBe(true)
    noisy.forEach((z, p) => {
      expect(whole[p]).toBeGreaterThan(0.9)
      if (z > 0) expect(whole[p]).toBe(z)
    })
  })
})
