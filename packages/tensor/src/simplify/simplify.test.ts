import { expect, test } from 'vitest'
import { hvp } from '../autodiff/jvp.ts'
import { grad, valueAndGrad } from '../autodiff/vjp.ts'
import { scan } from '../control/scan.ts'
import { unrollScan } from '../control/unroll.ts'
import { type NDArray, numbersOf } from '../graph/array.ts'
import { spec } from '../graph/dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { type Graph, trace } from '../graph/trace.ts'
import { reachable } from '../graph/visit.ts'
import { interpret } from '../interpret/interpret.ts'
import { add, at, broadcastTo, concat, constant, conv, matmul, mul, neg, reshape, split, sub, sum, tanh, transpose } from '../ops/index.ts'
import { simplify } from './simplify.ts'

const ops = (g: Graph): string[] => reachable(g.outputs).map(n => n.op.name)
const count = (g: Graph, name: string): number => ops(g).filter(n => n === name).length

/** Values in [-0.5, 0.5) that depend on the place alone. */
function values(g: Graph): NDArray[] {
  let s = 1
  const next = () => (s = (s * 48271) % 2147483647) / 2147483647 - 0.5
  return g.inputs.map(t => ({ dtype: 'f64', shape: t.shape, data: Float64Array.from({ length: t.size }, next) }))
}
function expectSame(a: Graph, b: Graph): void {
  const [x, y] = [a, b].map(g => interpret(g, values(g)).flatMap(v => [...numbersOf(v)])) as [number[], number[]]
  expect(y.length).toBe(x.length)
  for (const [i, v] of y.entries()) expect(Math.abs(v - x[i]!)).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(x[i]!)))
}

type P = { w: Tensor; b: Tensor }
const LAYERS = 4
const types = [{ w: spec('f32', [LAYERS, 3, 3]), b: spec('f32', [3]) }, spec('f32', [2, 5, 3])]
const looped = (p: P, x: Tensor): Tensor => {
  const [y, norms] = scan((c: Tensor, w: Tensor) => [add(c, tanh(add(matmul(c, w), p.b))), sum(c)], x, p.w)
  return add(sum(mul(y, y)), sum(norms))
}
const written = (p: P, x: Tensor): Tensor => {
  let c = x
  let norms: Tensor = constant(0)
  for (let l = 0; l < LAYERS; l++) {
    norms = add(norms, sum(c))
    c = add(c, tanh(add(matmul(c, at(p.w, l)), p.b)))
  }
  return add(sum(mul(c, c)), norms)
}

test('a simplified derivative has the same values, with the loop and without', () => {
  const g = trace((p: P, x: Tensor) => valueAndGrad(looped)(p, x), types).graph
  expectSame(g, simplify(g))
  expectSame(
    g,
    simplify(g, n => unrollScan(n, n.inputs)),
  )
  const second = trace((p: P, x: Tensor) => hvp(q => looped(q, x), p, p), types).graph
  expectSame(second, simplify(second))
  expectSame(
    second,
    simplify(second, n => unrollScan(n, n.inputs)),
  )
})

test('an unrolled loop does not compute its steps again for the derivative', () => {
  const loop = simplify(trace((p: P, x: Tensor) => grad(looped)(p, x), types).graph, n => unrollScan(n, n.inputs))
  const plain = simplify(trace((p: P, x: Tensor) => grad(written)(p, x), types).graph)
  expect(count(loop, 'scan')).toBe(0)
  expect(count(loop, 'tanh')).toBe(LAYERS)
  // Forward, to the carry (but for the first) and to the weight.
  expect(count(loop, 'matmul')).toBe(3 * LAYERS - 1)
  expect(count(plain, 'matmul')).toBe(3 * LAYERS - 1)
  expectSame(loop, plain)
})

test('what nobody reads of a loop is not computed', () => {
  const g = trace(
    (x: Tensor, w: Tensor) => {
      const [, [kept]] = scan(
        ([a, b]: Tensor[], v: Tensor) => [
          [add(a!, v), tanh(mul(b!, a!))],
          [mul(a!, 2), b!],
        ],
        [x, x],
        w,
      )
      return kept!
    },
    [spec('f32', [3]), spec('f32', [4, 3])],
  ).graph
  const s = simplify(g)
  expectSame(g, s)
  const body = (reachable(s.outputs).find(n => n.op.name === 'scan')!.attrs as { body: Graph }).body
  expect(ops(body)).not.toContain('tanh')
  expect(body.inputs).toHaveLength(2)
})

test('the derivative of split is a concatenation', () => {
  const f = (x: Tensor) => {
    const [a, b, c] = split(x, 3, 1)
    return sum(mul(a!, mul(b!, tanh(c!))))
  }
  const g = trace(grad(f), [spec('f32', [2, 6])]).graph
  const s = simplify(g)
  expectSame(g, s)
  expect(ops(s)).not.toContain('pad')
  expect(count(s, 'concat')).toBe(1)
})

test('identities go: transposes into products, batches into tall products, repetition into broadcasting', () => {
  const cases: [(x: Tensor, w: Tensor) => Tensor, string[]][] = [
    [(x, w) => matmul(x, transpose(w)), ['input', 'input', 'reshape', 'matmul', 'reshape']],
    [(x, w) => sum(matmul(x, broadcastTo(reshape(w, [1, 3, 3]), [4, 3, 3]), { transA: false })), []],
    [x => add(transpose(transpose(x)), 0), ['input']],
    [x => sub(neg(neg(x)), neg(mul(x, 1))), ['input', 'add']],
    [(x, w) => mul(x, broadcastTo(w, [4, 3, 3])), ['input', 'input', 'mul']],
    [x => (concat([x, x]).shape[0] === 8 ? at(concat([x, tanh(x)]), 5) : x), ['input', 'tanh', 'slice', 'reshape']],
  ]
  for (const [f, names] of cases) {
    const g = trace(f, [spec('f32', [4, 3, 3]), spec('f32', [3, 3])]).graph
    const s = simplify(g)
    expectSame(g, s)
    if (names.length > 0) expect(ops(s)).toEqual(names)
  }
  const shared = trace(
    (w: Tensor, x: Tensor) => grad((v: Tensor) => sum(tanh(matmul(x, v))))(w),
    [spec('f32', [3, 2]), spec('f32', [4, 5, 3])],
  ).graph
  expect(ops(simplify(shared)).filter(n => n === 'sum')).toEqual([])
  expectSame(shared, simplify(shared))
})

test('a convolution over its whole input, and its derivatives, are matrix products', () => {
  const shapes = [spec('f32', [3, 2, 4, 2]), spec('f32', [5, 2, 4, 2])]
  const loss = (w: Tensor, x: Tensor): Tensor => sum(tanh(conv(x, w)))
  const both = (x: Tensor, w: Tensor) => [grad(loss)(w, x), grad((v: Tensor) => loss(w, v))(x), hvp((v: Tensor) => loss(v, x), w, w)]
  const g = trace(both, shapes).graph
  const simple = simplify(g)
  expect(ops(g).filter(n => n.startsWith('conv')).length).toBeGreaterThan(3)
  expect(ops(simple).filter(n => n.startsWith('conv'))).toEqual([])
  expectSame(g, simple)
  // A window that is smaller, or padded, stays what it is.
  const other = trace((x: Tensor, w: Tensor) => [conv(x, w, { padding: 1 }), conv(x, w, { padding: [0, 1] })], shapes).graph
  expect(count(simplify(other), 'conv')).toBe(2)
})
