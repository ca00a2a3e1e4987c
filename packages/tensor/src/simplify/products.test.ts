import { expect, test } from 'vitest'
import { hvp } from '../autodiff/jvp.ts'
import { grad } from '../autodiff/vjp.ts'
import { scan } from '../control/scan.ts'
import { unrollScan } from '../control/unroll.ts'
import { type NDArray, numbersOf } from '../graph/array.ts'
import { spec } from '../graph/dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { type Graph, trace } from '../graph/trace.ts'
import { reachable } from '../graph/visit.ts'
import { interpret } from '../interpret/interpret.ts'
import { add, matmul, mul, sum, tanh } from '../ops/index.ts'
import { mergeProducts } from './products.ts'
import { simplify } from './simplify.ts'

const products = (g: Graph): number => reachable(g.outputs).filter(n => n.op.name === 'matmul').length

function expectSame(a: Graph, b: Graph): void {
  let s = 1
  const next = () => (s = (s * 48271) % 2147483647) / 2147483647 - 0.5
  const inputs = a.inputs.map((t): NDArray => ({ dtype: 'f64', shape: t.shape, data: Float64Array.from({ length: t.size }, next) }))
  const [x, y] = [a, b].map(g => interpret(g, inputs).flatMap(v => [...numbersOf(v)])) as [number[], number[]]
  expect(y.length).toBe(x.length)
  for (const [i, v] of y.entries()) expect(Math.abs(v - x[i]!)).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(x[i]!)))
}

const STEPS = 5
const ROWS = 2
const WIDE = 6
const net = (w: Tensor, x: Tensor): Tensor => {
  const [last] = scan((h: Tensor, u: Tensor) => [tanh(add(matmul(h, w), u)), h], at0(x), x)
  return sum(mul(last, last))
}
const at0 = (x: Tensor): Tensor => mul(sum(x, 0), 0.3)
const types = [spec('f32', [WIDE, WIDE]), spec('f32', [STEPS, ROWS, WIDE])]
const unrolled = (g: Graph): Graph => simplify(g, n => unrollScan(n, n.inputs))

test('the derivative to a weight that an unrolled loop shares is one product', () => {
  const g = unrolled(trace((w: Tensor, x: Tensor) => grad((v: Tensor) => net(v, x))(w), types).graph)
  const merged = simplify(mergeProducts(g))
  // Forward one a step, to the state one a step but the first, to the weight one a step: the last become one.
  expect(products(g)).toBe(STEPS + (STEPS - 1) + STEPS)
  expect(products(merged)).toBe(STEPS + (STEPS - 1) + 1)
  expectSame(g, merged)
})

test('second derivatives keep their values', () => {
  const g = unrolled(trace((w: Tensor, x: Tensor) => hvp((v: Tensor) => net(v, x), w, w), types).graph)
  const merged = simplify(mergeProducts(g))
  expect(products(merged)).toBeLessThan(products(g))
  expectSame(g, merged)
})

test('rows of different heights, other terms, and a sum that is an output itself', () => {
  const shapes = [2, 1, 3].flatMap(n => [spec('f32', [n, WIDE]), spec('f32', [n, WIDE])])
  const g = trace(
    (other: Tensor, ...p: Tensor[]) => {
      const term = (i: number) => matmul(p[2 * i]!, p[2 * i + 1]!, { transA: true })
      const first = add(add(term(0), other), term(1))
      return [add(first, term(2)), first]
    },
    [spec('f32', [WIDE, WIDE]), ...shapes],
  ).graph
  const merged = mergeProducts(g)
  expect(products(merged)).toBe(2)
  expectSame(g, merged)
})

test('tall products stay apart, and a graph without any is the same graph', () => {
  const tall = [spec('f32', [WIDE, 2]), spec('f32', [WIDE, 2]), spec('f32', [WIDE, 2])]
  const g = trace((a: Tensor, b: Tensor, c: Tensor) => add(matmul(a, b, { transA: true }), matmul(a, c, { transA: true })), tall).graph
  expect(mergeProducts(g)).toBe(g)
})
