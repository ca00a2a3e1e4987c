import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toDisplay, VIEWS, type View } from './display.ts'
import { MIDDLE_GREY } from './filmic.ts'
import { SRGB_LINEAR, srgbByte } from './srgb.ts'

const grey = (x: number, view: View, exposure = 0) => [...toDisplay(Float32Array.of(x, x, x), 1, 1, view, exposure)]

describe('standard', () => {
  test('every code comes back from its own linear value, as float64 and as float32', () => {
    for (let i = 0; i < 256; i++) {
      expect(srgbByte(SRGB_LINEAR[i]!)).toBe(i)
      expect(grey(SRGB_LINEAR[i]!, 'standard')).toEqual([i, i, i])
    }
  })

  test('is the nearest code by the formula of IEC 61966-2-1', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), x => {
        // An oracle apart from the product's table: Math.pow, allowed in tests.
        const code = 255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * Math.pow(x, 1 / 2.4) - 0.055)
        // The standard's two branches meet only to 1e-7, hence the slack at a half.
        expect(Math.abs(srgbByte(x) - code)).toBeLessThanOrEqual(0.5 + 1e-4)
      }),
    )
  })

  test('known values', () => {
    expect(grey(0.18, 'standard')[0]).toBe(118)
    expect(grey(0.5, 'standard')[0]).toBe(188)
    expect([...toDisplay(Float32Array.of(2, 0.214, -1), 1, 1, 'standard')]).toEqual([255, 127, 0])
  })
})

describe('filmic', () => {
  test('middle grey keeps its sRGB code', () => {
    expect(grey(MIDDLE_GREY, 'filmic')).toEqual(grey(MIDDLE_GREY, 'standard'))
  })

  test('greys stay grey; white is reached 6.5 stops over middle grey, not at 1', () => {
    for (let e = -14; e < 8; e += 0.25) {
      const [r, g, b] = grey(0.18 * 2 ** e, 'filmic')
      expect(r).toBe(g)
      expect(g).toBe(b)
    }
    expect(grey(1, 'filmic')[0]).toBeGreaterThan(195)
    expect(grey(1, 'filmic')[0]).toBeLessThan(235)
    expect(grey(0.18 * 2 ** 6.5, 'filmic')[0]).toBe(255)
    expect(grey(0, 'filmic')[0]).toBe(0)
  })

  test('bright saturated light turns white without crossing to another hue', () => {
    for (const c of [
      [1, 0.1, 0.02],
      [0.05, 0.9, 0.1],
      [0.05, 0.1, 1],
    ]) {
      let last = 0
      for (let e = 0; e <= 10; e++) {
        const out = toDisplay(Float32Array.from(c), 1, 1, 'filmic', e)
        const order = [0, 1, 2].sort((a, b) => c[b]! - c[a]!)
        expect(out[order[0]!]!).toBeGreaterThanOrEqual(out[order[1]!]!)
        expect(out[order[1]!]!).toBeGreaterThanOrEqual(out[order[2]!]!)
        const least = out[order[2]!]!
        expect(least).toBeGreaterThanOrEqual(last)
        last = least
      }
      expect(last).toBeGreaterThan(250)
    }
  })
})

describe.each(VIEWS)('%s', view => {
  test('is monotone in light', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 40, noNaN: true }), fc.double({ min: 0, max: 40, noNaN: true }), (a, b) => {
        expect(grey(Math.min(a, b), view)[0]).toBeLessThanOrEqual(grey(Math.max(a, b), view)[0]!)
      }),
    )
    let last = 0
    for (let i = 0; i <= 20000; i++) {
      const [x] = grey((i / 20000) * 20, view)
      expect(x).toBeGreaterThanOrEqual(last)
      last = x!
    }
  })

  test('a stop of exposure doubles the light', () => {
    fc.assert(
      fc.property(fc.float({ min: 0, max: 4, noNaN: true }), x => {
        expect(grey(x, view, 1)).toEqual(grey(2 * x, view))
      }),
    )
  })

  test('NaN and negative light are black, infinity is white', () => {
    expect(grey(Number.NaN, view)).toEqual([0, 0, 0])
    expect(grey(-1, view)).toEqual([0, 0, 0])
    expect(grey(Number.POSITIVE_INFINITY, view)).toEqual([255, 255, 255])
    expect(grey(3e38, view, 4)).toEqual([255, 255, 255])
  })
})

test('says what is wrong', () => {
  expect(() => toDisplay(new Float32Array(4), 1, 1)).toThrow('1 × 1 pixels need 3 floats, got 4')
  expect(() => toDisplay(new Float32Array(3), 1, 1, 'agx' as View)).toThrow('unknown view "agx"; known: filmic, standard')
  expect(() => toDisplay(new Float32Array(3), 1, 1, 'standard', Number.NaN)).toThrow('exposure')
})

test('the same bytes as ever', () => {
  const ramp = Float32Array.from({ length: 36 }, (_, i) => 0.002 * 1.31 ** i)
  expect(Buffer.from(toDisplay(ramp, 12, 1, 'filmic')).toString('hex')).toMatchInlineSnapshot(
    `"090b0d0f1114171b1f242a3139434e5c6b7c8d9baab7c1ccd4dce2e8edf1f5f8fcffffff"`,
  )
})

describe('neutral', () => {
  const tone = (r: number, g: number, b: number) => [...toDisplay(Float32Array.of(r, g, b), 1, 1, 'neutral')]

  test('below its knee it takes off the 4 % of Fresnel and is sRGB; white is never passed', () => {
    for (const x of [0.1, 0.25, 0.5, 0.79]) expect(tone(x, x, x)).toEqual(grey(x - 0.04, 'standard'))
    // Below 0.08 what is taken off is x − 6.25 x², so black stays black.
    expect(tone(0.04, 0.04, 0.04)).toEqual(grey(6.25 * 0.04 * 0.04, 'standard'))
    expect(tone(0, 0, 0)).toEqual([0, 0, 0])
    expect(Math.max(...tone(1e6, 1e6, 1e6))).toBe(255)
  })

  test('is monotonic in light, keeps the order of channels, and turns bright colours white', () => {
    let last = -1
    for (let e = -8; e < 14; e += 0.25) {
      const [r, g, b] = tone(2 ** e, 0.3 * 2 ** e, 0.1 * 2 ** e)
      expect(r! >= g! && g! >= b!).toBe(true)
      expect(r).toBeGreaterThanOrEqual(last)
      last = r!
    }
    expect(Math.min(...tone(4000, 1200, 400))).toBeGreaterThan(245)
  })
})
