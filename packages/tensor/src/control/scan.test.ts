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
import { add, at, cast, constant, gather, iota, reshape, slice, stack } from '../ops/index.ts'
import { Key } from '../random/key.ts'
import { simplify } from '../simplify/simplify.ts'
import { hostCall } from './host-call.ts'
import { D, type Loop, normals, type P, SCENARIOS } from './scan.test-kit.ts'
import { scan } from './scan.ts'
import { unrollScan } from './unroll.ts'

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
