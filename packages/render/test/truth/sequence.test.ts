/** The sample sequence: (0,2)-nets in base 2, pixels and dimensions that know nothing of each other, and how fast means converge. */
import { beforeAll, describe, expect, test } from 'vitest'
import { random } from '../reference/random.ts'
import { sidak } from '../reference/statistics.ts'
import { chiSquare } from './chi-square.ts'
import { Laboratory } from './laboratory.ts'

let lab: Laboratory
beforeAll(async () => {
  lab = await Laboratory.open()
})

/** Points of one pair of dimensions of a pixel: u, v in turn. */
const points = (seed: readonly [number, number], x: number, y: number, pair: number, from: number, count: number) =>
  lab.run(count, [], 2, (_, out) => {
    lab.hooks.points(seed[0], seed[1], x, y, pair, from, count, out)
  })

/** Elementary intervals of 2^m points that do not hold exactly one; every shape 2^-a × 2^-(m − a). */
function unequal(p: Float32Array, m: number): number {
  let bad = 0
  for (let a = 0; a <= m; a++) {
    const seen = new Uint8Array(1 << m)
    for (let i = 0; i < 1 << m; i++)
      seen[Math.floor(p[i * 2]! * (1 << a)) * (1 << (m - a)) + Math.floor(p[i * 2 + 1]! * (1 << (m - a)))]! += 1
    bad += seen.reduce((s, c) => s + (c === 1 ? 0 : 1), 0)
  }
  return bad
}

describe('(0,2)-net: each elementary interval of 2^m points holds exactly one', () => {
  test('every power of two to 4096, pixels, seeds and pairs of dimensions', () => {
    const next = random(20)
    for (let k = 0; k < 40; k++) {
      const seed = [Math.floor(next() * 2 ** 32), Math.floor(next() * 2 ** 32)] as const
      const [x, y, pair] = [Math.floor(next() * 4096), Math.floor(next() * 4096), Math.floor(next() * 40)]
      const p = points(seed, x, y, pair, 0, 4096)
      for (let m = 0; m <= 12; m++) expect(unequal(p, m), `seed ${seed}, pixel ${x}, ${y}, pair ${pair}, 2^${m}`).toBe(0)
    }
  })
  test('every aligned stretch of the sequence too, so both halves of a frame', () => {
    for (const m of [1, 3, 5, 8]) {
      for (let k = 0; k < 40; k++) expect(unequal(points([5, 9], 17, 3, 4, k << m, 1 << m), m)).toBe(0)
    }
  })
  test('the check has teeth: points of a random generator are no net', () => {
    const next = random(1)
    expect(unequal(Float32Array.from({ length: 512 }, next), 8)).toBeGreaterThan(100)
    const p = points([5, 9], 17, 3, 4, 0, 256)
    p[0] = p[2]!
    expect(unequal(p, 8)).toBeGreaterThan(0)
  })
})

/** Pearson's correlation. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (x: readonly number[]) => x.reduce((s, v) => s + v, 0) / x.length
  const [ma, mb] = [mean(a), mean(b)]
  let [aa, bb, ab] = [0, 0, 0]
  a.forEach((x, i) => {
    aa += (x - ma) ** 2
    bb += (b[i]! - mb) ** 2
    ab += (x - ma) * (b[i]! - mb)
  })
  return ab / Math.sqrt(aa * bb)
}

describe('independence', () => {
  const SIZE = 96
  /** Error of a mean of 4 points in every pixel. */
  const errors = (seed: readonly [number, number], pair: number, f: (u: number, v: number) => number) =>
    Array.from({ length: SIZE * SIZE }, (_, i) => {
      const p = points(seed, i % SIZE, Math.floor(i / SIZE), pair, 0, 4)
      let s = 0
      for (let k = 0; k < 4; k++) s += f(p[k * 2]!, p[k * 2 + 1]!)
      return s / 4
    })
  const f = (u: number, v: number) => u * v * v

  test('neighbouring pixels, seeds and pairs of dimensions are uncorrelated', () => {
    const base = errors([1, 2], 5, f)
    const compared: [string, number, number[], number[]][] = []
    for (const [dx, dy] of [
      [1, 0],
      [0, 1],
      [1, 1],
      [1, -1],
      [2, 0],
      [0, 2],
      [16, 0],
      [0, 16],
      [32, 32],
    ] as const) {
      const a: number[] = []
      const b: number[] = []
      for (let y = 0; y < SIZE; y++) {
        for (let x = 0; x < SIZE; x++) {
          if (x + dx >= SIZE || y + dy >= SIZE || y + dy < 0) continue
          a.push(base[y * SIZE + x]!)
          b.push(base[(y + dy) * SIZE + x + dx]!)
        }
      }
      compared.push([`pixel + (${dx}, ${dy})`, a.length, a, b])
    }
    for (const pair of [4, 6, 8, 11]) compared.push([`pair ${pair}`, base.length, base, errors([1, 2], pair, f)])
    for (const seed of [
      [2, 2],
      [1, 3],
      [2, 1],
      [0x80000001, 2],
    ] as const)
      compared.push([`seed ${seed}`, base.length, base, errors(seed, 5, f)])
    // Two-sided normal tail at Šidák's level for 17 comparisons at 1 %: 3.6 standard deviations.
    for (const [name, n, a, b] of compared) expect(Math.abs(correlation(a, b)) * Math.sqrt(n), name).toBeLessThan(3.6)
  })

  test('over pixels the first point is uniform on the square, and so is (first of one pair, first of another)', () => {
    const n = 256
    const cells = new Float64Array(256)
    const mixed = new Float64Array(256)
    for (let i = 0; i < n * n; i++) {
      const [u, v] = points([3, 4], i % n, Math.floor(i / n), 0, 0, 1) as unknown as [number, number]
      const [w] = points([3, 4], i % n, Math.floor(i / n), 3, 0, 1) as unknown as [number]
      cells[Math.floor(u * 16) * 16 + Math.floor(v * 16)]! += 1
      mixed[Math.floor(u * 16) * 16 + Math.floor(w * 16)]! += 1
    }
    const level = sidak(0.01, 2)
    expect(chiSquare(cells, new Float64Array(256).fill(1))).toBeGreaterThan(level)
    expect(chiSquare(mixed, new Float64Array(256).fill(1))).toBeGreaterThan(level)
  })
})

describe('convergence: log–log slope of the error over 2^2 … 2^12 points', () => {
  const slope = (f: (u: number, v: number) => number, truth: number) => {
    const errors: [number, number][] = []
    for (let m = 2; m <= 12; m += 2) {
      let square = 0
      const pixels = 64
      for (let k = 0; k < pixels; k++) {
        const p = points([7, 7], k, 1, 3, 0, 1 << m)
        let s = 0
        for (let i = 0; i < p.length; i += 2) s += f(p[i]!, p[i + 1]!)
        square += (s / (1 << m) - truth) ** 2
      }
      errors.push([m, 0.5 * Math.log2(square / pixels)])
    }
    const mm = errors.reduce((s, [m]) => s + m, 0) / errors.length
    const me = errors.reduce((s, [, e]) => s + e, 0) / errors.length
    return errors.reduce((s, [m, e]) => s + (m - mm) * (e - me), 0) / errors.reduce((s, [m]) => s + (m - mm) ** 2, 0)
  }
  test.each<[string, (u: number, v: number) => number, number, number]>([
    // Owen 1997: −3/2 for smooth integrands; an edge aslant to the axes costs to −3/4; chance alone would give −1/2.
    ['smooth', (u, v) => Math.exp(u) * Math.cos(v), (Math.E - 1) * Math.sin(1), -1.4],
    ['a Gaussian', (u, v) => Math.exp(-8 * ((u - 0.4) ** 2 + (v - 0.6) ** 2)), gaussian(0.4) * gaussian(0.6), -1.3],
    ['a disk', (u, v) => (u * u + v * v < 1 ? 1 : 0), Math.PI / 4, -0.7],
    ['a slanted edge', (u, v) => (u + 0.618 * v < 0.7 ? 1 : 0), 0, -0.7],
  ])('%s', (name, f, truth, bound) => {
    const exact = name === 'a slanted edge' ? 0.7 - 0.618 / 2 : truth
    const s = slope(f, exact)
    if (process.env['TRUTH_FIGURES']) console.log(name, s)
    expect(s).toBeLessThan(bound)
  })
})

/** ∫ exp(−8 (x − c)²) over [0, 1], by Simpson's rule. */
function gaussian(c: number): number {
  const n = 2000
  let s = 0
  for (let i = 0; i <= n; i++) s += (i === 0 || i === n ? 1 : i % 2 ? 4 : 2) * Math.exp(-8 * (i / n - c) ** 2)
  return s / (3 * n)
}
