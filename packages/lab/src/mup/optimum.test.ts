import { Key } from '@dioramic/tensor'
import { describe, expect, it } from 'vitest'
import { bestRate, bootstrappedDrift, driftOf } from './optimum.ts'

const rates = [-10, -9, -8, -7, -6, -5, -4]
const bowl = (at: number, depth = 1) => rates.map(r => depth + 0.1 * (r - at) ** 2)

describe('the best rate', () => {
  it('is the least of a parabola, where the losses are one', () => {
    for (const at of [-9.3, -8, -7.25, -5.5]) expect(bestRate(rates, bowl(at))).toBeCloseTo(at, 9)
  })
  it('is the best of the grid where the curve does not bend, and never beyond the grid', () => {
    expect(bestRate(rates, [...rates])).toBe(-10)
    expect(bestRate(rates, bowl(-12))).toBe(-10)
    expect(bestRate([-2, -1], [3, 2])).toBe(-1)
  })
  it('what diverged is left out of the parabola', () => {
    expect(bestRate(rates, [1.1, 1, 1.1, 10, 10, 10, 10])).toBeCloseTo(-9, 9)
  })
})

it('the drift is the slope over doublings; its bootstrap has no width where the seeds agree, and covers them where they do not', () => {
  const widths = [32, 64, 128]
  const moved = (by: number) => widths.map((_, i) => [bowl(-6 + by * i), bowl(-6 + by * i)])
  expect(driftOf(widths, rates, moved(-1))).toBeCloseTo(-1, 9)
  const { value, interval } = bootstrappedDrift(widths, rates, moved(-0.5), Key.fromSeed(1), 100)
  expect(value).toBeCloseTo(-0.5, 9)
  expect(interval).toEqual([value, value])
  const two = bootstrappedDrift(
    widths,
    rates,
    widths.map((_, i) => [bowl(-6), bowl(-6 - i)]),
    Key.fromSeed(1),
    200,
  )
  expect(two.interval[0]).toBeCloseTo(-1, 9)
  expect(two.interval[1]).toBeCloseTo(0, 9)
  expect(two.value).toBeCloseTo(-0.5, 9)
})
