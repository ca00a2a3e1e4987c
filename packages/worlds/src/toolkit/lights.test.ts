import { Key, portable, quat, type Vec3, vec3 } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import { blackbody, clevrColor, hsv, uniformHue } from './colors.ts'
import { daylight, randomLights, threePointLights } from './lights.ts'
import { pointInBall, pointInRing } from './region.ts'

const keys = (n: number) => Key.fromSeed(0).fork('lights.test').times(n)
/** χ² of values that should be uniform in [0, 1], ten bins. */
const chi2 = (values: readonly number[]) => {
  const bins = new Array<number>(10).fill(0)
  for (const v of values) bins[Math.min(9, Math.floor(v * 10))]!++
  const mean = values.length / 10
  return bins.reduce((s, b) => s + ((b - mean) * (b - mean)) / mean, 0)
}
/** 99.99 % quantile with 9 degrees of freedom. */
const LIMIT = 33.72

describe('samplers', () => {
  test('balls and rings are filled evenly', () => {
    const balls = keys(4000).map(k => pointInBall(k, 2, [1, 0, 0]))
    const r = balls.map(p => vec3.distance(p, [1, 0, 0]) / 2)
    expect(chi2(r.map(x => x * x * x))).toBeLessThan(LIMIT)
    const rings = keys(4000).map(k => pointInRing(k, 1, 3))
    expect(chi2(rings.map(([x, y]) => (x * x + y * y - 1) / 8))).toBeLessThan(LIMIT)
    expect(chi2(rings.map(([x, y]) => 0.5 + Math.atan2(y, x) / (2 * Math.PI)))).toBeLessThan(LIMIT)
  })

  test('CLEVR colours come equally often; hues are uniform', () => {
    const n = 4000
    const counts = new Map<string, number>()
    for (const k of keys(n)) counts.set(clevrColor(k).label, (counts.get(clevrColor(k).label) ?? 0) + 1)
    const x2 = [...counts.values()].reduce((s, c) => s + ((c - n / 8) * (c - n / 8)) / (n / 8), 0)
    expect(counts.size).toBe(8)
    // 99.99 % quantile with 7 degrees of freedom.
    expect(x2).toBeLessThan(29.88)
    const brightest = keys(3000).map(k => uniformHue(k).indexOf(1))
    for (const c of [0, 1, 2]) expect(Math.abs(brightest.filter(b => b === c).length - 1000)).toBeLessThan(5 * Math.sqrt((3000 * 2) / 9))
    expect(hsv(1 / 3, 1, 1)).toEqual([0, 1, 0])
  })

  test('black bodies: 6504 K is near D65 white, hotter is bluer', () => {
    const white = blackbody(6504)
    // A black body lies a little below the daylight locus: a few per cent from white.
    for (const c of white) expect(Math.abs(c - 1)).toBeLessThan(0.06)
    expect(blackbody(3000)[2]).toBeLessThan(0.25)
    expect(blackbody(12000)[0]).toBeLessThan(0.75)
    expect(() => blackbody(10)).toThrow(/not between 1000 and 15000 K/)
  })
})

describe('light rigs', () => {
  const shines = (rotation: unknown): Vec3 => quat.rotate(rotation as never, [0, 0, -1])

  test('three points: key right of the camera, fill left, rim behind, all aimed at the subject', () => {
    const [key, fill, rim] = threePointLights({ lookAt: [1, 0, 0], azimuth: 0 }) as [never, never, never]
    for (const l of [key, fill, rim] as { position: Vec3; rotation: unknown }[]) {
      const gaze = vec3.normalize(vec3.sub([1, 0, 0], l.position))
      expect(vec3.dot(gaze, shines(l.rotation))).toBeCloseTo(1, 9)
      expect(vec3.distance(l.position, [1, 0, 0])).toBeCloseTo(4, 9)
    }
    const y = (l: { position: Vec3 }) => l.position[1]
    // The camera looks along −x from +x: its right is +y.
    expect(y(key)).toBeGreaterThan(1)
    expect(y(fill)).toBeLessThan(-1)
    expect((rim as { position: Vec3 }).position[0]).toBeLessThan(0)
  })

  test('random lights share the power, one to four of them', () => {
    const seen = new Set<number>()
    for (const k of keys(60)) {
      const lights = randomLights(k, { power: 300 })
      seen.add(lights.length)
      expect(lights.reduce((s, l) => s + (l as { power: number }).power, 0)).toBeCloseTo(300, 9)
    }
    expect([...seen].sort()).toEqual([1, 2, 3, 4])
  })

  test("the sun's height is uniform in its sine", () => {
    const range = [portable.sin(0.175), portable.sin(1.22)] as const
    const heights = keys(3000).map(k => {
      const { light } = daylight(k).environment
      return (portable.sin((light as { elevation: number }).elevation) - range[0]) / (range[1] - range[0])
    })
    expect(chi2(heights)).toBeLessThan(LIMIT)
  })
})
