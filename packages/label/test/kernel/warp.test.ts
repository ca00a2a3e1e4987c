/** The picture agrees with the flow, to a hundredth of a pixel. */
import { expect, test } from 'vitest'
import { PEAK, shift, warp } from '../kit/warp.ts'

test.each([
  ['slides and turns', false],
  ['bends and swells as well', true],
])('a sheet that %s: the next picture, warped back by the flow, is this one, and no other flow does as well', async (_name, bends) => {
  const w = await warp(bends)
  expect(w.speed).toBeGreaterThan(2)
  const { rms, pixels } = w.difference(0, 0)
  expect(pixels).toBeGreaterThan(2000)
  // Bilinear reading of a wave of 12 pixels errs by (2π/12)²/8 ≈ 3 % of its amplitude at most.
  expect(rms).toBeLessThan(0.01)
  expect(20 * Math.log10(PEAK / rms)).toBeGreaterThan(40)
  for (const axis of [0, 1] as const) {
    const found = shift(w, axis)
    expect(found.pixels).toBeLessThan(0.01)
    expect(found.beside).toBeGreaterThan(5 * rms * rms)
  }
  expect(w.difference(0, 0, -1).rms).toBeGreaterThan(20 * rms)
})
