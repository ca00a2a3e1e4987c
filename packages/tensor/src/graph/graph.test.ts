import fc from 'fast-check'
import { expect, test } from 'vitest'
import { grad } from '../autodiff/vjp.ts'
import { interpret } from '../interpret/interpret.ts'
import { add, constant, matmul, mul, sum } from '../ops/index.ts'
import { f32, i64, item, numbersOf } from './array.ts'
import { spec } from './dtype.ts'
import { broadcastShapes, sizeOf, stridesOf } from './shape.ts'
import { nextId, type Tensor } from './tensor.ts'
import { instantiate, trace } from './trace.ts'
import { flatten, leaves, mapTree } from './tree.ts'
import { reachable } from './visit.ts'

test('shapes broadcast as in NumPy: from the last axis, sizes equal or 1', () => {
  expect(broadcastShapes([4, 1, 3], [5, 1])).toEqual([4, 5, 3])
  expect(broadcastShapes([], [2])).toEqual([2])
  expect(broadcastShapes([0], [1])).toEqual([0])
  expect(() => broadcastShapes([2, 3], [4, 3])).toThrow('shapes [2,3] and [4,3] do not broadcast: axis -2 is 2 and 4')
  expect(() => broadcastShapes([0], [2])).toThrow('do not broadcast')
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 }), fc.infiniteStream(fc.boolean()), (shape, coin) => {
      const thin = shape.map(n => (coin.next().value ? n : 1))
      expect(broadcastShapes(shape, thin)).toEqual(shape)
      expect(broadcastShapes(thin, shape)).toEqual(shape)
      expect(stridesOf(shape).reduce((at, s, i) => at + s * (shape[i]! - 1), 0)).toBe(sizeOf(shape) - 1)
    }),
  )
})

test('a tree comes back as it was, with other leaves', () => {
  const tree = { a: [f32([1]), { b: f32([2]) }], c: f32(3) }
  expect(leaves(tree).map(([path]) => path)).toEqual(['a/0', 'a/1/b', 'c'])
  const flat = flatten(tree)
  expect(flat.rebuild(flat.list)).toEqual(tree)
  expect(mapTree(tree, (_, path) => path)).toEqual({ a: ['a/0', { b: 'a/1/b' }], c: 'c' })
  expect(() => flat.rebuild([1])).toThrow('3 leaves')
})

test('arrays say what they cannot hold', () => {
  expect(
    f32([
      [1, 2],
      [3, 4],
    ]).shape,
  ).toEqual([2, 2])
  expect(() => f32([1, 2, 3], [2])).toThrow('has 2 values, got 3')
  expect(() => i64([0.5])).toThrow('integers up to 2^53, got 0.5')
  expect(() => item(f32([1, 2]))).toThrow('holds 2 values, not one')
})

test('a tensor of another trace is an error that says which', () => {
  let leaked: Tensor | undefined
  trace((x: Tensor) => (leaked = mul(x, x)), [spec('f32', [2])])
  expect(() => trace((y: Tensor) => add(y, leaked!), [spec('f32', [2])])).toThrow('uses a tensor of another trace: 0 f32[2]')
})

test('a shape error names operator, shapes and the line of the caller', () => {
  const wrong = () => trace((a: Tensor) => matmul(a, a), [spec('f32', [2, 3])])
  expect(wrong).toThrow(/^matmul\(f32\[2,3\], f32\[2,3\]\): the inner sizes 3 and 2 differ\n {2}at .*graph\.test\.ts:\d+:\d+$/)
})

test('a derivative by an argument does not see other uses of the tensor that was passed', () => {
  // d/dy of x·y at y = x is x, not 2x.
  const { graph } = trace((x: Tensor) => grad((y: Tensor) => mul(x, y))(x), [spec('f32', [])])
  expect(item(interpret(graph, [f32(3)])[0]!)).toBe(3)
})

test('a graph instantiated is the function applied', () => {
  const { graph } = trace((x: Tensor, y: Tensor) => [add(mul(x, y), 1), y], [spec('f32', [2]), spec('f32', [2])])
  const twice = trace((x: Tensor) => instantiate(graph, [x, instantiate(graph, [x, x])[0]!]), [spec('f32', [2])]).graph
  expect(interpret(twice, [f32([2, 3])]).map(a => [...numbersOf(a)])).toEqual([
    [11, 31],
    [5, 10],
  ])
})

test('a graph of 100,000 nodes in a row is walked, differentiated and run without recursion', () => {
  const n = 100_000
  const f = (x: Tensor) => {
    let y = x
    for (let i = 0; i < n; i++) y = add(y, x)
    return sum(y)
  }
  const { graph } = trace(grad(f), [spec('f32', [])])
  expect(item(interpret(graph, [f32(1)])[0]!)).toBe(n + 1)
})

test('the order of ids is topological', () => {
  const before = nextId()
  const y = add(constant(1), mul(constant(2), constant(3)))
  const nodes = reachable([y])
  expect(nodes.every(k => k.id >= before && k.inputs.every(t => t.node.id < k.id))).toBe(true)
})
