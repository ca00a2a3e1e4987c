import { Key } from '@dioramic/tensor'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matrix } from '../algebra/matrix.ts'
import { normals } from '../algebra/random.ts'
import { interpolationNet, productNet, sawtoothNet, squareNet } from './constructed.ts'
import { disc, fourierModuli, haar, logSlope, nTermErrors } from './n-term.ts'
import {
  countRegions,
  montufarLowerBound,
  piecesAlongLine,
  regionsInGeneralPosition,
  regionsOnPlane,
  regionsUpperBound,
} from './regions.ts'
import { complexity, evaluate, lipschitzBound, type ReluNet, reluNet } from './relu-net.ts'

const layer = (n: number, d: number, seed: number) => {
  const key = Key.fromSeed(seed)
  return { w: matrix(n, d, normals(key.fork('w'), n * d)), b: normals(key.fork('b'), n) }
}
const random = (sizes: readonly number[], seed: number): ReluNet => sizes.slice(1).map((n, i) => layer(n, sizes[i]!, 100 * seed + i))

test('regions of hyperplanes in general position', () => {
  for (const [n, d, r] of [
    [3, 2, 7],
    [4, 2, 11],
    [10, 2, 56],
    [5, 3, 26],
  ] as const) {
    expect(regionsInGeneralPosition(n, d)).toBe(r)
    expect(countRegions(layer(n, d, n))).toBe(r)
  }
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4 }), fc.nat(1000), (n, d, seed) => {
      expect(countRegions(layer(n, d, seed))).toBe(regionsInGeneralPosition(n, d))
    }),
    { numRuns: 40 },
  )
})

test('regions of hyperplanes that are parallel, concurrent or the same', () => {
  const lines = (...rows: readonly (readonly [number, number, number])[]) => ({
    w: matrix(rows.length, 2, rows.flatMap(r => [r[0], r[1]])),
    b: Float64Array.from(rows, r => r[2]),
  }) // biome-ignore format: lines of a plane
  expect(countRegions(lines([1, 0, 0], [1, 0, 1], [2, 0, 4]))).toBe(4)
  expect(countRegions(lines([1, 0, 0], [0, 1, 0], [1, 1, 0]))).toBe(6)
  expect(countRegions(lines([1, 0, 0], [-2, 0, 0], [0, 1, 0]))).toBe(4)
  expect(countRegions(lines([0, 0, 1], [0, 1, 0]))).toBe(2)
})

test('polygons on a plane: as many as lines in general position cut, none lost, and the map is affine on each', () => {
  const net = [...random([2, 7], 1), { w: matrix(1, 7, normals(Key.fromSeed(9), 7)), b: Float64Array.of(0.3) }]
  const plane = { origin: [0, 0], u: [1, 0], v: [0, 1] }
  expect(regionsOnPlane(net, plane, [-1000, 1000, -1000, 1000]).length).toBe(regionsInGeneralPosition(7, 2))
  const deep = random([4, 6, 6, 6, 1], 2)
  const slice = { origin: [0.1, 0.2, -0.3, 0.1], u: [1, 0.5, 0, 0], v: [0, 1, -1, 1] }
  const regions = regionsOnPlane(deep, slice, [-3, 3, -3, 3])
  expect(new Set(regions.map(r => r.pattern)).size).toBe(regions.length)
  const at = ([s, t]: readonly [number, number]) =>
    evaluate(
      deep,
      slice.origin.map((o, k) => o + s * slice.u[k]! + t * slice.v[k]!),
    )[0]!
  let area = 0
  for (const { corners } of regions) {
    const middle = [0, 1].map(k => corners.reduce((s, c) => s + c[k]!, 0) / corners.length) as [number, number]
    const mean = corners.reduce((s, c) => s + at(c), 0) / corners.length
    expect(at(middle)).toBeCloseTo(mean, 8)
    corners.forEach(([x, y], i) => {
      const [u, v] = corners[(i + 1) % corners.length]!
      area += (x * v - u * y) / 2
    })
  }
  expect(area).toBeCloseTo(36, 8)
  // A line sees as many of the regions as a walk of its units.
  expect(regions.length).toBeLessThanOrEqual(regionsUpperBound(2, [6, 6, 6]))
  expect(montufarLowerBound(2, [6, 6])).toBe(9 * 22)
})

test('pieces along a line are those of a fine grid', () => {
  const net = random([3, 8, 8, 2], 5)
  const [x0, v] = [
    [0.2, -0.1, 0.4],
    [1, -2, 0.5],
  ]
  const pieces = piecesAlongLine(net, x0, v, [-2, 2])
  for (let k = 0; k <= 500; k++) {
    const t = -2 + k / 125
    const p = pieces.find(q => t >= q.t0 && t <= q.t1)!
    const y = evaluate(
      net,
      x0.map((x, i) => x + t * v[i]!),
    )
    for (const o of [0, 1]) expect(p.slope[o]! * t + p.offset[o]!).toBeCloseTo(y[o]!, 9)
  }
})

test('the sawtooth of depth k has 2^k pieces and 2 units a layer', () => {
  for (let k = 1; k <= 12; k++) {
    const net = sawtoothNet(k)
    expect(piecesAlongLine(net, [0], [1], [0, 1]).length).toBe(2 ** k)
    expect(complexity(net)).toBe(k === 1 ? 5 : 5 + 5 * (k - 1))
  }
})

test('squares: the sup error is 2^(−2m−2), at the middles of the knots', () => {
  for (const [m, e] of [
    [1, 0.0625],
    [2, 0.015625],
    [3, 0.00390625],
    [5, 2.44140625e-4],
    [8, 3.814697265625e-6],
  ] as const) {
    const net = squareNet(m)
    let worst = 0
    for (let k = 0; k <= 2 ** (m + 3); k++) {
      const x = k / 2 ** (m + 3)
      const error = evaluate(net, [x])[0]! - x * x
      expect(error).toBeGreaterThanOrEqual(-1e-15)
      worst = Math.max(worst, error)
    }
    expect(Math.abs(worst - e)).toBeLessThan(1e-14)
  }
})

test('products: within the bounds, and nothing times anything is nothing', () => {
  const m = 6
  const net = productNet(m)
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (x, y) => {
      const error = evaluate(net, [x, y])[0]! - x * y
      expect(error).toBeLessThanOrEqual(2 ** (-2 * m - 1) + 1e-12)
      expect(error).toBeGreaterThanOrEqual(-(2 ** (-2 * m)) - 1e-12)
      expect(Math.abs(evaluate(net, [x, 0])[0]!)).toBeLessThan(1e-12)
    }),
  )
})

test('interpolation: exact for what is linear between the knots, h²/8·max|f″| for what is smooth', () => {
  const knots = [0, 0.2, 0.5, 0.6, 1]
  const values = [1, -1, 2, 0.5, 0.5]
  const net = interpolationNet(knots, values)
  knots.forEach((x, i) => {
    expect(evaluate(net, [x])[0]).toBeCloseTo(values[i]!, 12)
  })
  expect(evaluate(net, [0.35])[0]).toBeCloseTo(0.5, 12)
  const n = 16
  const x = Array.from({ length: n + 1 }, (_, i) => i / n)
  const smooth = interpolationNet(
    x,
    x.map(v => Math.sin(3 * v)),
  )
  let worst = 0
  for (let k = 0; k <= 4000; k++) worst = Math.max(worst, Math.abs(evaluate(smooth, [k / 4000])[0]! - Math.sin((3 * k) / 4000)))
  expect(worst).toBeLessThanOrEqual(9 / (8 * n * n))
  expect(worst).toBeGreaterThan((0.95 * 9) / (8 * n * n))
})

test('the Lipschitz bound of a layer is its largest singular value', () => {
  expect(lipschitzBound(reluNet([[[3, 0], [0, 2]], [0, 0]], [[[1, 1]], [0]]))).toBeCloseTo(3 * Math.SQRT2, 8) // biome-ignore format: matrices
})

test('n-term errors of a disc: wavelets like 1/n, Fourier like 1/√n', () => {
  const picture = disc(128, [64, 60], 40)
  const counts = [32, 64, 128, 256, 512]
  const wavelet = haar(picture, 128)
  expect(wavelet.reduce((s, v) => s + v * v, 0)).toBeCloseTo(
    picture.reduce((s, v) => s + v * v, 0),
    6,
  )
  const h = nTermErrors(wavelet, counts)
  const moduli = fourierModuli(picture, 128)
  expect(moduli.reduce((s, v) => s + v * v, 0)).toBeCloseTo(
    picture.reduce((s, v) => s + v * v, 0),
    6,
  )
  const f = nTermErrors(moduli, counts)
  for (const [i, e] of [0.10855, 0.05849, 0.02873, 0.00947, 0].entries()) expect(h[i]).toBeCloseTo(e, 5)
  for (const [i, e] of [0.09289, 0.06092, 0.04443, 0.03179, 0.02222].entries()) expect(f[i]).toBeCloseTo(e, 5)
  expect(Math.abs(logSlope(counts.slice(0, 3), h.slice(0, 3)) + 1)).toBeLessThan(0.15)
  expect(Math.abs(logSlope(counts, f) + 0.5)).toBeLessThan(0.15)
})
