import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { random } from '../test/reference/random.ts'
import { packRgb9e5, samplingTable, unpackRgb9e5, uploadEnvironment } from './environment.ts'
import { RenderError } from './errors.ts'
import { Kernel } from './kernel.ts'
import * as L from './layout.ts'
import { loadKernel } from './node/index.ts'

let kernel: Kernel
beforeAll(async () => {
  kernel = await Kernel.instantiate(await loadKernel())
})

describe('RGB9E5', () => {
  // Half a step of a 9-bit mantissa of the largest channel, which is at least 256 steps.
  const bound = (most: number) => Math.max(most / 512, 2 ** -25)

  test('every channel comes back within 1/512 of the largest', () => {
    const light = fc.double({ min: 1e-6, max: 65408, noNaN: true })
    fc.assert(
      fc.property(light, light, light, (r, g, b) => {
        const back = unpackRgb9e5(packRgb9e5(r, g, b))
        const most = Math.max(r, g, b)
        ;[r, g, b].forEach((x, i) => {
          expect(Math.abs(back[i]! - x)).toBeLessThanOrEqual(bound(most) * (1 + 1e-12))
        })
      }),
      { numRuns: 2000 },
    )
  })

  test('what the format can hold comes back as it is', () => {
    const mantissa = fc.integer({ min: 0, max: 511 })
    fc.assert(
      fc.property(mantissa, mantissa, mantissa, fc.integer({ min: -24, max: 7 }), (r, g, b, e) => {
        const given = [r, g, b].map(m => m * 2 ** e) as [number, number, number]
        expect(unpackRgb9e5(packRgb9e5(...given))).toEqual(given)
      }),
    )
    expect(unpackRgb9e5(packRgb9e5(0, 0, 0))).toEqual([0, 0, 0])
    expect(unpackRgb9e5(packRgb9e5(1e9, 0, 1))[0]).toBe(65408)
  })
})

describe('upload', () => {
  const image = (data: number[], width = 2, height = 1) => ({ width, height, data: Float32Array.from(data) })

  test('a sun brighter than the format keeps its radiance by the scale', () => {
    const up = uploadEnvironment(kernel, image([3e6, 2e6, 1e6, 1, 1, 1]), 'sky', true)
    const [r, g, b] = unpackRgb9e5(kernel.u32[kernel.u32[(up.at + L.ENV_PIXELS) >>> 2]! >>> 2]!)
    expect(Math.abs((r * up.scale) / 3e6 - 1)).toBeLessThan(1 / 512)
    expect(Math.abs((g * up.scale) / 2e6 - 1)).toBeLessThan(1 / 256)
    expect(Math.abs((b * up.scale) / 1e6 - 1)).toBeLessThan(1 / 128)
    expect(kernel.u32[(up.at + L.ENV_WIDTH) >>> 2]).toBe(2)
  })

  test('what is no radiance is refused by its pixel', () => {
    for (const bad of [NaN, -1, Infinity]) {
      expect(() => uploadEnvironment(kernel, image([1, 1, 1, 1, bad, 1]), 'the sky', true)).toThrow(
        /the sky has the value .* at pixel 1, 0/,
      )
    }
    expect(() => uploadEnvironment(kernel, image([1, 1, 1]), 'the sky', true)).toThrow(RenderError)
  })

  test('the sampling table puts the weight where the sun is', () => {
    const width = 64
    const height = 32
    const data = new Array(width * height * 3).fill(0.1)
    const sun = (7 * width + 19) * 3
    data.fill(5000, sun, sun + 3)
    const { rows, columns } = samplingTable(image(data, width, height))
    expect(rows[height]).toBe(1)
    // Bilinear look-ups find an eighth of it in the half texel on either side.
    expect(rows[9]! - rows[6]!).toBeGreaterThan(0.99)
    expect(rows[8]! - rows[7]!).toBeGreaterThan(0.7)
    for (const j of [6, 7, 8]) {
      const at = j * (width + 1)
      expect(Math.abs(columns[at + 20]! - columns[at + 19]! - 0.75)).toBeLessThan(0.01)
      expect(Math.abs(columns[at + 19]! - columns[at + 18]! - 0.125)).toBeLessThan(0.01)
    }
    for (let j = 0; j < height; j++) expect(rows[j + 1]!).toBeGreaterThanOrEqual(rows[j]!)
  })

  test('an even sky is sampled by solid angle', () => {
    const { rows, columns, mean } = samplingTable(image(new Array(64 * 32 * 3).fill(2), 64, 32))
    expect(mean).toBeCloseTo(2, 6)
    for (let j = 0; j <= 32; j++) expect(rows[j]!).toBeCloseTo((1 - Math.cos((Math.PI * j) / 32)) / 2, 3)
    for (let i = 0; i <= 64; i++) expect(columns[5 * 65 + i]!).toBeCloseTo(i / 64, 5)
  })

  test.each([
    [24, 12],
    [1030, 5],
    [2048, 4],
  ])('a cell of a picture of %i × %i weighs what bilinear look-ups find in it, lamps of one texel among them', (width, height) => {
    const next = random(width)
    const lum = Float32Array.from({ length: width * height }, () => (next() < 0.05 ? 500 * next() : 0.01 * next()))
    const data = Float32Array.from({ length: 3 * width * height }, (_, i) => lum[Math.floor(i / 3)]!)
    const look = (u: number, v: number) => {
      const [x, y] = [u * width - 0.5, v * height - 0.5]
      const [x0, y0] = [Math.floor(x), Math.floor(y)]
      const texel = (i: number, j: number) => lum[Math.min(height - 1, Math.max(0, j)) * width + ((i + width) % width)]!
      const at = (j: number) => texel(x0, j) * (1 - x + x0) + texel(x0 + 1, j) * (x - x0)
      return at(y0) * (1 - y + y0) + at(y0 + 1) * (y - y0)
    }
    const { width: w, height: h, rows, columns, mean } = samplingTable({ width, height, data })
    const n = 24
    const means = Float64Array.from({ length: w * h }, (_, i) => {
      let sum = 0
      for (let k = 0; k < n * n; k++)
        sum += look(((i % w) + ((k % n) + 0.5) / n) / w, (Math.floor(i / w) + (Math.floor(k / n) + 0.5) / n) / h)
      return sum / (n * n)
    })
    // Shares of the table against those of the means above the picture's.
    const sine = (i: number) => Math.sin((Math.PI * (Math.floor(i / w) + 0.5)) / h)
    const wanted = means.map((m, i) => Math.max(0, m - mean) * sine(i))
    const all = wanted.reduce((a, b) => a + b, 0)
    wanted.forEach((x, i) => {
      const j = Math.floor(i / w)
      const k = j * (w + 1) + (i % w)
      const share = (rows[j + 1]! - rows[j]!) * (columns[k + 1]! - columns[k]!)
      expect(Math.abs(share - x / all)).toBeLessThan(1e-4 + (0.01 * x) / all)
    })
  })
})
