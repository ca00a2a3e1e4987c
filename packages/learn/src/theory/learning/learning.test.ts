import { Key } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { apply, gram, type Matrix, matrix, norm } from '../algebra/matrix.ts'
import { normals } from '../algebra/random.ts'
import { symmetricEigen } from '../algebra/symmetric.ts'
import { logSlope } from '../expressivity/n-term.ts'
import { collapseOf, simplexFrame } from './collapse.ts'
import { lanczos } from './lanczos.ts'
import { descend, empiricalKernel, hiddenKernel, kappa0, kappa1, limitKernel, tangentKernel, twoLayer } from './ntk.ts'

const angle = (degrees: number) => Math.cos((degrees * Math.PI) / 180)

test('arc-cosine and tangent kernels at known angles', () => {
  const degrees = [0, 30, 60, 90, 120, 180]
  for (const [i, v] of [2, 1.602531, 0.942331, 0.31831, -0.057669, 0].entries()) expect(tangentKernel(angle(degrees[i]!))).toBeCloseTo(v, 5)
  for (const [i, v] of [0.5, 0.360844, 0.166667, 0, -0.083333, 0].entries()) expect(hiddenKernel(angle(degrees[i]!))).toBeCloseTo(v, 5)
  for (const k of [kappa0, kappa1]) {
    expect(k(1)).toBeCloseTo(1, 12)
    expect(k(-1)).toBeCloseTo(0, 12)
  }
  // Depth L at u = 1: L + 1.
  expect(tangentKernel(1, 4)).toBeCloseTo(5, 12)
})

const points = (n: number, d: number): Matrix => {
  const x = matrix(n, d, normals(Key.fromSeed(4), n * d))
  for (let i = 0; i < n; i++) {
    const row = x.data.subarray(i * d, (i + 1) * d)
    row.set(row.map(v => v / norm(row)))
  }
  return x
}

test('the kernel of a wide network is near the limit, and positive semi-definite', () => {
  const x = points(8, 4)
  const limit = limitKernel(x)
  expect(symmetricEigen(limit).values[0]).toBeGreaterThan(-1e-10)
  const error = (width: number) => {
    let s = 0
    for (let seed = 0; seed < 6; seed++)
      s += norm(empiricalKernel(twoLayer(width, 4, Key.fromSeed(seed)), x).data.map((v, i) => v - limit.data[i]!)) / norm(limit.data) / 6
    return s
  }
  const widths = [64, 256, 1024]
  expect(Math.abs(logSlope(widths, widths.map(error)) + 0.5)).toBeLessThan(0.15)
})

test('the kernel is the Gram matrix of gradients: a small step changes outputs as it says', () => {
  const x = points(5, 3)
  const net = twoLayer(50, 3, Key.fromSeed(1))
  const y = [1, -1, 0.5, 0, 2]
  const kernel = empiricalKernel(net, x)
  const rate = 1e-6
  const before = descend(net, x, y, rate)
  const after = descend(net, x, y, 0)
  const predicted = apply(kernel, before)
  before.forEach((r, i) => {
    expect((r - after[i]!) / rate).toBeCloseTo(predicted[i]!, 3)
  })
})

test('eigenvalues and vectors of a symmetric matrix', () => {
  const n = 12
  const a = gram(matrix(n, n + 3, normals(Key.fromSeed(2), n * (n + 3))))
  const { values, vectors } = symmetricEigen(a)
  for (let k = 0; k < n; k++) {
    const v = Float64Array.from({ length: n }, (_, i) => vectors.data[i * n + k]!)
    const av = apply(a, v)
    v.forEach((x, i) => {
      expect(av[i]).toBeCloseTo(values[k]! * x, 9)
    })
  }
  expect(values.reduce((s, v) => s + v, 0)).toBeCloseTo(
    Array.from({ length: n }, (_, i) => a.data[i * (n + 1)]!).reduce((s, v) => s + v, 0),
    9,
  )
})

test('Lanczos finds the ends of a spectrum soon and all of it at last', async () => {
  const n = 60
  const diagonal = Float64Array.from({ length: n }, (_, i) => (i === 0 ? -3 : i === 1 ? 12 : i / n))
  const operator = (v: Float64Array) => v.map((x, i) => x * diagonal[i]!)
  const start = normals(Key.fromSeed(3), n)
  const few = await lanczos(operator, start, 15)
  expect(few.values[0]).toBeCloseTo(-3, 8)
  expect(few.values.at(-1)).toBeCloseTo(12, 8)
  expect(few.weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
  const all = await lanczos(operator, start, n)
  const sorted = diagonal.slice().sort()
  all.values.forEach((v, i) => {
    expect(v).toBeCloseTo(sorted[i]!, 8)
  })
  await expect(lanczos(() => new Float64Array(n).fill(Number.NaN), start, 3)).rejects.toThrow('product 0 is not finite')
})

test('a collapsed layer has no variation within classes and the cosines of a simplex', () => {
  const K = 4
  const frame = simplexFrame(K)
  for (let i = 0; i < K; i++) expect(norm(frame.data.subarray(i * K, (i + 1) * K))).toBeCloseTo(1, 12)
  const labels = Array.from({ length: 40 }, (_, i) => i % K)
  const noise = normals(Key.fromSeed(6), 40 * K)
  const features = (s: number) =>
    matrix(
      40,
      K,
      Float64Array.from({ length: 40 * K }, (_, i) => frame.data[labels[Math.floor(i / K)]! * K + (i % K)]! + 1 + s * noise[i]!),
    )
  const logits = matrix(
    40,
    K,
    Float64Array.from({ length: 40 * K }, (_, i) => (i % K === labels[Math.floor(i / K)] ? 1 : 0)),
  )
  const c = collapseOf(features(0), labels, frame, logits)
  expect(c.nc1).toBeLessThan(1e-20)
  expect(c.cosine).toBeCloseTo(-1 / 3, 10)
  expect(c.equinorm).toBeLessThan(1e-10)
  expect(c.cosineSpread).toBeLessThan(1e-10)
  expect(c.nc3).toBeLessThan(1e-10)
  expect(c.nc4).toBe(0)
  // Σ_W = s²I on K − 1 dimensions where Σ_B = I/(K − 1): tr/K = s²(K − 1)²/K.
  const s = 0.01
  expect(collapseOf(features(s), labels, frame, logits).nc1 / ((s * s * 9) / 4)).toBeGreaterThan(0.6)
  expect(collapseOf(features(s), labels, frame, logits).nc1 / ((s * s * 9) / 4)).toBeLessThan(1.2)
})
