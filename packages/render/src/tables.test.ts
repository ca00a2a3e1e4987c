import { describe, expect, test } from 'vitest'
import { blackmanHarris, blackmanHarrisCdf, FILTER_SIZE, FILTER_WIDTH, filterTable, srgbDecode } from './tables.ts'

describe('the pixel filter', () => {
  test('the distribution is the integral of the window, by Simpson', () => {
    const n = 2000
    let sum = 0
    const area = 0.35875
    for (let i = 0; i < n; i++) {
      const [a, b] = [i / n - 0.5, (i + 1) / n - 0.5]
      sum += (blackmanHarris(a) + 4 * blackmanHarris((a + b) / 2) + blackmanHarris(b)) / 6 / n
      if (i % 100 === 99) expect(Math.abs(blackmanHarrisCdf(b) - sum / area)).toBeLessThan(1e-7)
    }
    expect(blackmanHarrisCdf(-0.5)).toBe(0)
    expect(blackmanHarrisCdf(0.5)).toBeCloseTo(1, 12)
  })

  test('the table inverts it: increasing, odd, ends at half the width', () => {
    const table = filterTable()
    expect(table.length).toBe(FILTER_SIZE + 1)
    table.forEach((x, i) => {
      expect(Math.abs(blackmanHarrisCdf(x / FILTER_WIDTH) - i / FILTER_SIZE)).toBeLessThan(1e-6)
      expect(Math.abs(x + table[FILTER_SIZE - i]!)).toBeLessThan(1e-2)
      if (i > 0) expect(x).toBeGreaterThan(table[i - 1]!)
    })
    for (let i = 32; i <= FILTER_SIZE - 32; i++) expect(Math.abs(table[i]! + table[FILTER_SIZE - i]!)).toBeLessThan(1e-6)
    expect(Math.abs(table[FILTER_SIZE]!)).toBeLessThanOrEqual(FILTER_WIDTH / 2)
  })
})

test('sRGB codes decode as IEC 61966-2-1 says', () => {
  expect(srgbDecode(0)).toBe(0)
  expect(srgbDecode(255)).toBeCloseTo(1, 14)
  expect(srgbDecode(188)).toBeCloseTo(Math.pow((188 / 255 + 0.055) / 1.055, 2.4), 13)
  expect(srgbDecode(10)).toBeCloseTo(10 / 255 / 12.92, 15)
})
