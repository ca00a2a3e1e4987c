import { type Camera, cameraAt, cameraSchema, Key, type Sensor, sensorSchema, threefry2x32 } from '@dioramic/scene'
import { describe, expect, test } from 'vitest'
import { chiSquare } from '../../test/truth/chi-square.ts'
import { normal, poisson } from './counts.ts'
import { sensed } from './sensed.ts'

const key = Key.fromSeed(11)
const cameraOf = (width: number, height: number, rest: object = {}) =>
  cameraAt(cameraSchema.parse({ position: [0, 0, 0], rotation: [0, 0, 0, 1], resolution: [width, height], ...rest }) as Camera, 0)
const sensorOf = (s: object): Sensor => sensorSchema.parse(s)
const flat = (n: number, value: number) => new Float32Array(n * n * 3).fill(value)

function moments(values: ArrayLike<number>): { readonly mean: number; readonly variance: number } {
  const a = Array.from(values)
  const mean = a.reduce((s, x) => s + x, 0) / a.length
  return { mean, variance: a.reduce((s, x) => s + (x - mean) ** 2, 0) / (a.length - 1) }
}

/** Uniforms of a seed. */
function uniforms(seed: number): () => number {
  let i = 0
  const [a, b] = Key.fromSeed(seed).words
  return () => threefry2x32(a, b, i++, 0)[0] / 2 ** 32
}

describe('counts', () => {
  test.each([0.03, 0.7, 4, 9.99, 10, 11.5, 40, 800])('Poisson of mean %s, by χ²', mean => {
    const n = 20_000
    const u = uniforms(Math.floor(mean * 100))
    const top = Math.ceil(mean + 8 * Math.sqrt(mean) + 8)
    const seen = new Float64Array(top + 1)
    for (let i = 0; i < n; i++) {
      const k = poisson(mean, u)
      seen[Math.min(k, top)]! += 1
    }
    // What is no count has no cell.
    expect(seen.reduce((sum, x) => sum + x, 0)).toBe(n)
    let log = -mean
    const expected = new Float64Array(top + 1)
    for (let k = 0; k <= top; k++) {
      expected[k] = n * Math.exp(log)
      log += Math.log(mean) - Math.log(k + 1)
    }
    expect(chiSquare(seen, expected)).toBeGreaterThan(1e-4)
  })

  test('nothing comes of no light; means beyond counting keep mean and variance', () => {
    const u = uniforms(3)
    expect(poisson(0, u)).toBe(0)
    expect(poisson(Number.NaN, u)).toBe(Number.NaN)
    const { mean, variance } = moments(Array.from({ length: 4000 }, () => poisson(4e12, u)))
    expect(Math.abs(mean - 4e12)).toBeLessThan(4.5 * Math.sqrt(4e12 / 4000))
    expect(Math.abs(variance / 4e12 - 1)).toBeLessThan(4.5 * Math.sqrt(2 / 4000))
  })

  test('the normal has its moments', () => {
    const u = uniforms(5)
    const a = Array.from({ length: 20_000 }, () => normal(u))
    const { mean, variance } = moments(a)
    expect(Math.abs(mean)).toBeLessThan(4.5 / Math.sqrt(20_000))
    expect(Math.abs(variance - 1)).toBeLessThan(4.5 * Math.sqrt(2 / 20_000))
    expect(Math.abs(moments(a.map(x => x ** 4)).mean - 3)).toBeLessThan(4.5 * Math.sqrt(96 / 20_000))
  })
})

describe('noise', () => {
  // The photon transfer curve (EMVA 1288): in electrons, variance = mean + read², at every level.
  test('variance is a line of the mean: slope 1, read noise squared at 0', () => {
    const [electrons, read, n] = [500, 12, 64]
    const sensor = sensorOf({ noise: { electrons, read } })
    const levels = [0, 0.004, 0.02, 0.1, 0.4, 1, 3]
    for (const level of levels) {
      const { mean, variance } = moments(sensed(flat(n, level), cameraOf(n, n), sensor, key).map(x => x * electrons))
      const wanted = level * electrons + read * read
      const samples = n * n * 3
      expect(Math.abs(mean - level * electrons), `mean at ${level}`).toBeLessThan(4.5 * Math.sqrt(wanted / samples))
      // Variance of a sample variance: (2σ⁴ + κ₄)/n, κ₄ of a Poisson count being its mean.
      const deviation = Math.sqrt((2 * wanted * wanted + level * electrons) / samples)
      expect(Math.abs(variance - wanted), `variance at ${level}`).toBeLessThan(4.5 * deviation)
    }
  })

  test('pixels and channels know nothing of each other', () => {
    const n = 64
    const a = sensed(flat(n, 0.5), cameraOf(n, n), sensorOf({ noise: { electrons: 200, read: 3 } }), key)
    const { mean, variance } = moments(a)
    for (const lag of [1, 3, 3 * n]) {
      let sum = 0
      for (let i = 0; i + lag < a.length; i++) sum += (a[i]! - mean) * (a[i + lag]! - mean)
      expect(Math.abs(sum / (a.length - lag) / variance), `lag ${lag}`).toBeLessThan(4.5 / Math.sqrt(a.length))
    }
  })

  test('a full well counts no more; the key decides, and nothing else', () => {
    const sensor = sensorOf({ noise: { electrons: 100, fullWell: 50 } })
    expect(new Set(sensed(flat(8, 3), cameraOf(8, 8), sensor, key))).toEqual(new Set([0.5]))
    const noisy = sensorOf({ noise: { electrons: 100, read: 2 } })
    const make = (k: Key) => sensed(flat(8, 0.3), cameraOf(8, 8), noisy, k)
    expect(make(key)).toEqual(make(Key.fromSeed(11)))
    expect(make(key)).not.toEqual(make(key.fork(1)))
  })
})

describe('lens', () => {
  test('natural vignetting is cos⁴: of atan(r/f) behind a pinhole, of r/f behind a fisheye, none for parallel rays', () => {
    const [n, sensor] = [9, sensorOf({ vignetting: 1 })]
    const fall = (rest: object) => sensed(flat(n, 1), cameraOf(n, n, rest), sensor, key)
    const fx = (24 / 32) * n
    for (let j = 0; j < n; j++) {
      for (let i = 0; i < n; i++) {
        const r = Math.hypot(i + 0.5 - n / 2, j + 0.5 - n / 2) / fx
        const p = 3 * (j * n + i)
        expect(fall({ focalLength: 24 })[p]).toBeCloseTo((1 / (1 + r * r)) ** 2, 6)
        expect(fall({ type: 'fisheye', focalLength: 24 })[p]).toBeCloseTo(Math.cos(r) ** 4, 6)
        expect(fall({ type: 'orthographic', extent: 2 })[p]).toBe(1)
      }
    }
    const half = sensed(flat(n, 1), cameraOf(n, n, { focalLength: 24 }), sensorOf({ vignetting: 0.5 }), key)
    expect(half[0]).toBeCloseTo(0.5 + fall({ focalLength: 24 })[0]! / 2, 6)
  })

  test('chromatic aberration moves red and blue by their share of the distance to the principal point', () => {
    const n = 101
    const [red, blue] = [0.04, -0.02]
    const camera = cameraOf(n, n, { principalOffset: [0.1, 0] })
    // A ramp shows where its value came from.
    const ramp = Float32Array.from({ length: n * n * 3 }, (_, i) => (Math.floor(i / 3) % n) + 0.5)
    const out = sensed(ramp, camera, sensorOf({ chromaticAberration: [red, blue] }), key)
    for (let i = 5; i < 90; i++) {
      const p = 3 * (50 * n + i)
      const from = (by: number) => camera.cx + (i + 0.5 - camera.cx) / (1 + by)
      expect(out[p]).toBeCloseTo(from(red), 4)
      expect(out[p + 1]).toBe(i + 0.5)
      expect(out[p + 2]).toBeCloseTo(from(blue), 4)
    }
    // An edge r pixels from the centre is seen r·red farther out.
    const wide = cameraOf(n, n)
    const step = Float32Array.from({ length: n * n * 3 }, (_, i) => (Math.floor(i / 3) % n >= 90 ? 1 : 0))
    const lit = sensed(step, wide, sensorOf({ chromaticAberration: [red, blue] }), key)
    const dark = (c: number) => Array.from({ length: n }, (_, i) => 1 - lit[3 * (50 * n + i) + c]!).reduce((s, x) => s + x, 0)
    const r = 90 - wide.cx
    expect(dark(0) - dark(1)).toBeCloseTo(r * red, 1)
    expect(dark(2) - dark(1)).toBeCloseTo(r * blue, 1)
  })

  test('exposure is a factor; a sensor without faults changes nothing', () => {
    expect(sensed(flat(4, 0.25), cameraOf(4, 4), sensorOf({ exposure: 1.5 }), key)[7]).toBeCloseTo(0.25 * 2 ** 1.5, 6)
    const light = Float32Array.from({ length: 48 }, (_, i) => i / 7)
    expect(sensed(light, cameraOf(4, 4), sensorOf({}), key)).toEqual(light)
  })

  test('a sphere has no axis', () => {
    const sphere = { type: 'equirectangular', position: [0, 0, 0], rotation: [0, 0, 0, 1] }
    expect(() => cameraSchema.parse({ ...sphere, sensor: { vignetting: 1 } })).toThrow('a whole sphere has no optical axis')
    expect(cameraSchema.parse({ ...sphere, sensor: { noise: { electrons: 9 } } })).toBeDefined()
  })
})
