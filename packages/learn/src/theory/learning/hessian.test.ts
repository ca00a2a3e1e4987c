import {
  compile,
  constant,
  f32,
  grad,
  interpreter,
  Key,
  mul,
  type NDArray,
  nn,
  numbersOf,
  relu,
  sum,
  type Tensor,
  type Tree,
  tanh,
} from '@dioramic/tensor'
import { expect, test } from 'vitest'
import { norm } from '../algebra/matrix.ts'
import { normals } from '../algebra/random.ts'
import { drawnDigits } from '../data/digits.ts'
import { batchOf, classScore, type Differentiable, differentiable, lossOf } from '../models/classifier.ts'
import { fromVector, parameterCount, toVector } from '../models/vector.ts'
import { quadraticDescent, watchedDescent } from './gradient-descent.ts'
import { hessianOperator, hessianSpectrum } from './hessian.ts'
import { filterDirection, moved } from './landscape.ts'

const runtime = interpreter()
const model = (act: (x: Tensor) => Tensor): Differentiable => {
  const layer = nn.sequence(nn.linear(16, 6), nn.fn(act), nn.linear(6, 10))
  const { params, state } = layer.init(Key.fromSeed(1))
  return { params, apply: (p, x) => layer.apply(p, state as Tree<never>, x)[0] }
}
const digits = drawnDigits(20, Key.fromSeed(2), { size: 4 })

test('Hessian–vector products are differences of gradients', async () => {
  const exact = interpreter({ precision: 'f64' })
  const m = model(tanh)
  const loss = lossOf(m)
  const batch = batchOf(digits.x, digits.y, [16])
  const v = normals(Key.fromSeed(3), parameterCount(m.params))
  const hv = await hessianOperator(loss, m.params, batch, exact)(v)
  const gradient = compile((p: Tree<Tensor>, b: { x: Tensor; y: Tensor }) => grad(loss)(p, b), exact)
  const at = async (h: number) => {
    // In double precision: the step is put on the arrays here, so only the f32 storage of parameters limits h.
    const g = (await gradient(
      fromVector(
        toVector(m.params).map((x, i) => x + h * v[i]!),
        m.params,
      ),
      batch,
    )) as Tree<NDArray>
    return toVector(g)
  }
  const [plus, minus] = [await at(1e-3), await at(-1e-3)]
  const difference = hv.map((x, i) => x - (plus[i]! - minus[i]!) / 2e-3)
  expect(norm(difference) / norm(hv)).toBeLessThan(1e-3)
})

test('the spectrum of a quadratic is its diagonal', async () => {
  const d = [1, 4, 9]
  const loss = (p: Tree<Tensor>) => {
    const { x } = p as { x: Tensor }
    return mul(sum(mul(mul(x, x), constant(f32(d)))), 0.5)
  }
  const s = await hessianSpectrum(loss, { x: f32([0.3, 0.1, 0.2]) }, {}, { runtime, steps: 3, key: Key.fromSeed(1) })
  s.values.forEach((v, i) => {
    expect(v).toBeCloseTo(d[i]!, 4)
  })
})

test('gradient descent on a quadratic: stable below 2/λ, not above', () => {
  expect(quadraticDescent(1.99 / 7, 7, 3000)).toBeLessThan(1e-10)
  expect(quadraticDescent(2.01 / 7, 7, 3000)).toBeGreaterThan(1e10)
  expect(quadraticDescent(0.1, 5, 10)).toBeCloseTo(0.5 ** 10, 12)
})

test('descent on a network lowers the loss and measures its sharpness', async () => {
  const m = model(tanh)
  const points = await watchedDescent(lossOf(m), m.params, batchOf(digits.x, digits.y, [16]), {
    rate: 0.5,
    steps: 12,
    every: 6,
    runtime,
    key: Key.fromSeed(1),
  })
  expect(points.at(-1)!.loss).toBeLessThan(points[0]!.loss)
  expect(points.filter(p => p.sharpness !== undefined).map(p => p.step)).toEqual([0, 6])
  expect(points[0]!.sharpness).toBeGreaterThan(0)
})

test('directions have the norms of the filters and leave biases', () => {
  const m = model(relu)
  const d = filterDirection(m.params, Key.fromSeed(5)) as Record<string, { w: NDArray; b: NDArray }>
  const p = m.params as Record<string, { w: NDArray; b: NDArray }>
  const column = (a: NDArray, j: number) => norm(numbersOf(a).filter((_, i) => i % a.shape[1]! === j))
  for (const layer of ['0', '2'])
    for (let j = 0; j < p[layer]!.w.shape[1]!; j++) expect(column(d[layer]!.w, j)).toBeCloseTo(column(p[layer]!.w, j), 4)
  expect(norm(numbersOf(d['0']!.b))).toBe(0)
  const there = moved(m.params, [2, d], [-1, d])
  expect(toVector(there)[3]).toBeCloseTo(toVector(m.params)[3]! + toVector(d)[3]!, 5)
})

test('a classifier runs any number of samples, and its scores have the gradients of differences', async () => {
  const m = differentiable(model(tanh), [16], 10, runtime, 8)
  const logits = await m.logits(digits.x)
  expect(logits.length).toBe(20)
  expect([...(await m.logits(digits.x.slice(17, 18)))[0]!]).toEqual([...logits[17]!])
  const score = classScore(m, 3, runtime, 8)
  const [g] = await score.gradients!([digits.x[0]!])
  expect(g!.value).toBeCloseTo(logits[0]![3]!, 6)
  const h = 1e-2
  const shift = (s: number) => digits.x[0]!.map((v, i) => v + (i === 5 ? s : 0))
  const [a, b] = await score.values([shift(h), shift(-h)])
  expect(g!.gradient[5]).toBeCloseTo((a! - b!) / (2 * h), 3)
  await expect(m.logits([new Float64Array(3)])).rejects.toThrow('a sample has 3 numbers, the model takes 16 = 16')
})
