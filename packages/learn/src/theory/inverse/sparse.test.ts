import { compile, f32, interpreter, Key, numbersOf, type Tensor, type Tree } from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { apply, applyTransposed, fromRows, matrix } from '../algebra/matrix.ts'
import { normals } from '../algebra/random.ts'
import { lista, listaStart, operatorArray } from './lista.ts'
import { basisPursuit, fista, ista, lassoObjective, softThreshold, tikhonov, totalVariation } from './sparse.ts'

test('by hand', () => {
  expect([...softThreshold([2, -0.3, 0.7], 0.5)].map(v => (Math.abs(v) < 1e-12 ? 0 : Number(v.toFixed(12))))).toEqual([1.5, 0, 0.2])
  const f = tikhonov(fromRows([[2, 0], [0, 1]]), [2, 1], 1) // biome-ignore format: a matrix
  expect(f[0]).toBeCloseTo(0.8, 12)
  expect(f[1]).toBeCloseTo(0.5, 12)
  const one = ista(fromRows([[1, 0, 0], [0, 1, 0], [0, 0, 1]]), [2, -0.3, 0.7], { alpha: 0.5, steps: 1 })[1]! // biome-ignore format: a matrix
  expect(one[0]).toBeCloseTo(1.5, 6)
  expect(Math.abs(one[1]!)).toBe(0)
})

test('ISTA descends, FISTA faster, and both end where the optimality conditions hold', () => {
  const k = matrix(
    30,
    50,
    normals(Key.fromSeed(1), 1500).map(v => v / Math.sqrt(30)),
  )
  const truth = new Float64Array(50)
  ;[3, 17, 40].forEach((i, j) => {
    truth[i] = [2, -1, 1.5][j]!
  })
  const g = apply(k, truth)
  const alpha = 0.05
  const slow = ista(k, g, { alpha, steps: 3000 })
  const values = slow.map(f => lassoObjective(k, g, alpha, f))
  for (let t = 1; t < values.length; t++) expect(values[t]).toBeLessThanOrEqual(values[t - 1]! + 1e-12)
  const fast = fista(k, g, { alpha, steps: 60 })
  expect(lassoObjective(k, g, alpha, fast.at(-1)!)).toBeLessThan(values[60]!)
  // Kᵀ(g − Kf) = α·sign f where f ≠ 0, and at most α elsewhere.
  const f = slow.at(-1)!
  const dual = applyTransposed(
    k,
    g.map((v, i) => v - apply(k, f)[i]!),
  )
  dual.forEach((d, i) => {
    if (f[i] !== 0) expect(d).toBeCloseTo(alpha * Math.sign(f[i]!), 5)
    else expect(Math.abs(d)).toBeLessThanOrEqual(alpha + 1e-9)
  })
})

test('total variation: a step keeps its edge and loses what the theory says', () => {
  // K = I, a step of height 1 after n/2 of n: each side moves by α/(n/2) towards the other.
  const n = 10
  const eye = matrix(
    n,
    n,
    Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)),
  )
  const g = Float64Array.from({ length: n }, (_, i) => (i < 5 ? 0 : 1))
  const f = totalVariation(eye, g, { alpha: 0.5, steps: 400 })
  f.forEach((v, i) => {
    expect(v).toBeCloseTo(i < 5 ? 0.1 : 0.9, 4)
  })
})

test('basis pursuit jumps', () => {
  for (const d of [1e-3, 1e-9, 2 ** -52]) {
    const [[a0, a1]] = basisPursuit(d) as [[number, number]]
    const [[b0, b1]] = basisPursuit(-d) as [[number, number]]
    expect(Math.abs(a0 + (1 + d) * a1 - 1)).toBeLessThan(1e-15)
    expect(Math.abs(b0 + (1 - d) * b1 - 1)).toBeLessThan(1e-15)
    expect(Math.max(Math.abs(a0 - b0), Math.abs(a1 - b1))).toBe(1)
  }
})

test('an untrained LISTA is ISTA', async () => {
  const k = matrix(
    6,
    9,
    normals(Key.fromSeed(4), 54).map(v => v / 2),
  )
  const g = normals(Key.fromSeed(5), 6)
  const f = compile((p: Tree<Tensor>, op: Tensor, x: Tensor) => lista(p, op, x), interpreter())
  const unrolled = numbersOf(await f(listaStart(k, 7, 0.1), operatorArray(k), f32(Float32Array.from(g), [1, 6])))
  ista(k, g, { alpha: 0.1, steps: 7 })
    .at(-1)!
    .forEach((v, i) => {
      expect(unrolled[i]).toBeCloseTo(v, 4)
    })
})
