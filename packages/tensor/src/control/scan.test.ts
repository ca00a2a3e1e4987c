import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hvp, jvp } from '../autodiff/jvp.ts'
import { grad } from '../autodiff/vjp.ts'
import { f32, i64, type NDArray, numbersOf } from '../graph/array.ts'
import { spec, type Type } from '../graph/dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { type Graph, trace } from '../graph/trace.ts'
import { flatten, mapTree, type Tree } from '../graph/tree.ts'
import { reachable } from '../graph/visit.ts'
import { interpret } from '../interpret/interpret.ts'
import { add, at, cast, constant, gather, iota, matmul, mean, mul, reshape, sigmoid, slice, stack, sub, sum, tanh } from '../ops/index.ts'
import { Key } from '../random/key.ts'
import { dropout, fork, randomNormal, stackedKeys } from '../random/ops.ts'
import { fillNormal } from '../random/philox.ts'
import { simplify } from '../simplify/simplify.ts'
import { hostCall } from './host-call.ts'
import { scan } from './scan.ts'
import { unrollScan } from './unroll.ts'

type Loop = typeof scan

/** What scan means, written out. */
const written: Loop = (body, carry, xs, { length, reverse = false } = {}) => {
  const x = flatten<Tensor>(xs as Tree<Tensor>)
  const n = length ?? x.list[0]!.shape[0]!
  let c = carry
  const ys: Tree<Tensor>[] = new Array(n)
  for (let k = 0; k < n; k++) {
    const t = reverse ? n - 1 - k : k
    const [next, y] = body(c, (xs === null ? null : mapTree<object>(xs, s => at(s as Tensor, t))) as never)
    c = next
    ys[t] = y
  }
  const lists = ys.map(y => flatten<Tensor>(y).list)
  return [c, flatten<Tensor>(ys[0]!).rebuild(lists[0]!.map((_, i) => stack(lists.map(l => l[i]!)))) as never]
}

const D = 3
/** Parameters, data and a key for all scenarios: w [D, D], b [D], x [T, D], ids i64 [T]. */
type P = { w: Tensor; b: Tensor; x: Tensor }
type Scenario = (loop: Loop, p: P, ids: Tensor, key: Tensor, steps: number, reverse: boolean) => Tensor

const cell = (p: P, c: Tensor, x: Tensor) => tanh(add(add(matmul(c, p.w), x), p.b))
const start = (p: P) => mul(p.b, 0.5)

const SCENARIOS: Record<string, Scenario> = {
  'closed-over parameters, outputs of each step': (loop, p, _ids, _key, _n, reverse) => {
    const [c, ys] = loop((h: Tensor, x: Tensor) => [cell(p, h, x), { y: mul(h, x), s: sum(h) }], start(p), p.x, { reverse })
    return add(sum(mul(c, c)), add(sum(mul(ys.y, ys.y)), sum(ys.s)))
  },
  'a tree of carries': (loop, p, _ids, _key, _n, reverse) => {
    const [{ h, c }] = loop(
      (s: { h: Tensor; c: Tensor }, x: Tensor) => {
        const gate = sigmoid(add(matmul(s.h, p.w), x))
        const next = add(mul(gate, s.c), mul(sub(1, gate), tanh(add(x, p.b))))
        return [{ h: mul(gate, tanh(next)), c: next }, []]
      },
      { h: start(p), c: p.b },
      p.x,
      { reverse },
    )
    return sum(mul(h, c))
  },
  'no slices': (loop, p, _ids, _key, length, reverse) => {
    const [c, ys] = loop((h: Tensor) => [tanh(matmul(h, p.w)), h], add(p.b, 1), null, { length, reverse })
    return add(sum(c), mean(mul(ys, ys)))
  },
  'counters, indices and keys': (loop, p, ids, key, _n, reverse) => {
    const table = matmul(p.x, p.w)
    const [{ h, i }, ys] = loop(
      (s: { h: Tensor; i: Tensor; k: Tensor }, id: Tensor) => {
        const k = fork(s.k, s.i)
        const row = gather(table, id)
        const h = dropout(tanh(add(add(s.h, row), mul(randomNormal(fork(k, 'noise'), [D]), p.b))), 0.25, k)
        return [{ h, i: add(s.i, 1), k }, mul(h, cast(s.i, 'f32'))]
      },
      { h: start(p), i: constant(0, 'i64'), k: key },
      ids,
      { reverse },
    )
    return add(mul(sum(h), cast(i, 'f32')), sum(mul(ys, ys)))
  },
  'keys as slices': (loop, p, _ids, key, length, reverse) => {
    const [c] = loop(
      (h: Tensor, s: { k: Tensor; x: Tensor }) => [dropout(cell(p, h, s.x), 0.5, s.k), []],
      start(p),
      { k: stackedKeys(key, length), x: p.x },
      { reverse },
    )
    return sum(mul(c, c))
  },
  'a loop in a loop': (loop, p, _ids, _key, _n, reverse) => {
    const [c, ys] = loop(
      (h: Tensor, x: Tensor) => {
        const [inner, rows] = loop((g: Tensor, r: Tensor) => [tanh(add(mul(g, x), mul(r, h))), mul(g, r)], h, p.w, { reverse: !reverse })
        return [add(inner, p.b), sum(rows, 0)]
      },
      start(p),
      p.x,
      { reverse },
    )
    return add(sum(mul(c, c)), sum(mul(ys, ys)))
  },
  'outputs that are inputs': (loop, p, _ids, _key, _n, reverse) => {
    const [{ same, c }, ys] = loop(
      (s: { same: Tensor; c: Tensor }, x: Tensor) => [
        { same: s.same, c: x },
        { slice: x, shared: p.b, was: s.c },
      ],
      { same: p.w, c: start(p) },
      p.x,
      { reverse },
    )
    return add(add(sum(mul(same, same)), sum(mul(c, p.b))), add(sum(mul(ys.slice, ys.shared)), sum(mul(ys.was, ys.was))))
  },
  'a gradient inside each step': (loop, p, _ids, _key, _n, reverse) => {
    const [w] = loop(
      (v: Tensor, x: Tensor) => {
        const loss = (u: Tensor) => {
          const d = sub(tanh(matmul(x, u)), p.b)
          return sum(mul(d, d))
        }
        return [sub(v, mul(grad(loss)(v), 0.1)), []]
      },
      p.w,
      p.x,
      { reverse },
    )
    return sum(mul(w, w))
  },
  'steps that use no parameter': (loop, p, _ids, _key, _n, reverse) => {
    const [c] = loop(
      (h: Tensor, x: Tensor) => [tanh(add(h, x)), []],
      constant(f32([0.1, 0.2, 0.3])),
      constant(f32([1, 2, 3, 4, 5, 6], [2, D])),
      { reverse },
    )
    return sum(mul(c, p.b))
  },
}

const normals = (shape: number[], key: Key): NDArray => {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1))
  fillNormal(data, key.words)
  return { dtype: 'f32', shape, data }
}
const numbers = (graph: Graph, inputs: NDArray[]): number[] => interpret(graph, inputs).flatMap(a => [...numbersOf(a)])

describe('a loop equals its steps written out: value, gradient, second derivative, forward mode', () => {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    test(name, () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 4 }), fc.boolean(), fc.integer({ min: 0, max: 1e6 }), (steps, reverse, seed) => {
          const key = Key.fromSeed(seed)
          const tree: Record<keyof P, Type> = { w: spec('f32', [D, D]), b: spec('f32', [D]), x: spec('f32', [steps, D]) }
          const types: Tree<Type>[] = [tree, spec('i64', [steps]), spec('i64', [2]), tree]
          const draw = (k: Key) => Object.values(tree).map((t, i) => normals([...t.shape], k.fork(i)))
          const ids: NDArray = i64(Array.from({ length: steps }, (_, i) => (i * 7 + seed) % steps))
          const inputs = [...draw(key.fork('p')), ids, { dtype: 'i64', shape: [2], data: key.toInt64() } as NDArray, ...draw(key.fork('v'))]
          const graphOf = (loop: Loop) =>
            trace((p: P, index: Tensor, k: Tensor, v: P) => {
              const f = (q: P) => scenario(loop, q, index, k, steps, reverse)
              return [f(p), grad(f)(p), hvp(f, p, v), jvp(f, p, v).tangent]
            }, types).graph
          const looped = graphOf(scan)
          const want = numbers(graphOf(written), inputs)
          const expectSame = (what: string, got: number[]) => {
            expect(got.length).toBe(want.length)
            got.forEach((x, i) => {
              if (!(Math.abs(x - want[i]!) <= 1e-11 * (1 + Math.abs(want[i]!))))
                expect.fail(`${what}, number ${i}: ${x}, written out ${want[i]}`)
            })
          }
          expectSame('loop', numbers(looped, inputs))
          expectSame('simplified', numbers(simplify(looped), inputs))
          const flat = simplify(looped, node => unrollScan(node, node.inputs))
          expect(reachable(flat.outputs).some(n => n.op.name === 'scan')).toBe(false)
          expectSame('unrolled', numbers(flat, inputs))
        }),
        { numRuns: 8 },
      )
    })
  }
})

test('a body is traced once, whatever the length', () => {
  let traced = 0
  const { graph } = trace(
    (x: Tensor) =>
      scan(
        (c: Tensor, s: Tensor) => {
          traced++
          return [add(c, s), c]
        },
        constant(0),
        x,
      ),
    [spec('f32', [1000])],
  )
  expect(traced).toBe(1)
  expect(reachable(graph.outputs).length).toBeLessThan(5)
  const [total, running] = interpret(graph, [f32(Array.from({ length: 1000 }, () => 1))])
  expect(total!.data[0]).toBe(1000)
  expect(running!.data[999]).toBe(999)
})

test('a host function inside a loop is called each step, with f32 values; no gradient passes', () => {
  const seen: number[] = []
  const { graph } = trace(
    (x: Tensor) =>
      grad((p: Tensor) => {
        const [c] = scan(
          (s: Tensor, v: Tensor) => {
            const [index] = hostCall('largest', [v], [spec('i64', [])], a => {
              seen.push(a!.data[0] as number)
              expect(a!.dtype).toBe('f32')
              const values = [...(a!.data as Float32Array)]
              return [i64(values.indexOf(Math.max(...values)))]
            })
            return [add(s, gather(v, index!)), []]
          },
          constant(0),
          p,
        )
        return c
      })(x),
    [spec('f32', [2, 3])],
  )
  expect([
    ...numbersOf(
      interpret(graph, [
        f32([
          [1, 5, 2],
          [7, 0, 1],
        ]),
      ])[0]!,
    ),
  ]).toEqual([0, 1, 0, 1, 0, 0])
  expect(seen.length).toBeGreaterThanOrEqual(2)
})

describe('errors', () => {
  const x = () => constant(f32([1, 2, 3]))
  const of = (f: () => unknown) => expect(f)
  test('name the carry, its types, the lengths', () => {
    of(() => scan((c: Tensor, s: Tensor) => [stack([c, s]), []], constant(0), x())).toThrow(
      'the carry "" enters a step as f32[] and leaves it as f32[2]',
    )
    of(() => scan((c: { n: Tensor }, _: Tensor) => [{ n: cast(c.n, 'f32') }, []], { n: constant(0, 'i64') }, x())).toThrow(
      'the carry "n" enters a step as i64[] and leaves it as f32[]',
    )
    of(() => scan((c: Tensor) => [c, []], constant(0), null)).toThrow('without xs it needs a length')
    of(() => scan((c: Tensor) => [c, []], constant(0), constant(1))).toThrow('is a scalar')
    of(() => scan((c: Tensor) => [c, []], constant(0), [x(), iota(4)])).toThrow('has 4 slices, not 3')
    of(() => scan((c: Tensor) => [c, []], constant(0), slice(x(), [[0, 0]]))).toThrow('0 steps')
    of(() => scan((c: Tensor) => [reshape(c, [1]), []], constant(0), x())).toThrow(/scan\.test\.ts:\d+/)
  })
})
