import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostCall } from '../control/host-call.ts'
import { f32, i64, type NDArray, numbersOf } from '../graph/array.ts'
import { spec } from '../graph/dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { trace } from '../graph/trace.ts'
import type { Tree } from '../graph/tree.ts'
import { reachable } from '../graph/visit.ts'
import { interpret } from '../interpret/interpret.ts'
import { num, valuesOf } from '../ops/cases/case.test-kit.ts'
import { checkDerivatives } from '../ops/derivatives.test-kit.ts'
import { add, at, cast, constant, exp, floor, less, matmul, mul, reshape, sin, split, sum, tanh, topK, where } from '../ops/index.ts'
import { customGradient, stopGradient } from './custom.ts'
import { hvp, jvp } from './jvp.ts'
import { grad, valueAndGrad, valueAndGradWith, vjp } from './vjp.ts'

function values(f: (...xs: Tensor[]) => Tree<Tensor>, ...inputs: NDArray[]): number[][] {
  const { graph } = trace(
    f,
    inputs.map(a => spec(a.dtype as 'f32', a.shape)),
  )
  return interpret(graph, inputs).map(a => [...numbersOf(a)])
}

describe('reverse mode', () => {
  test('a tree of parameters gives a tree of gradients; what is not f32 or not used gets zeros of its type', () => {
    type P = { w: Tensor; unused: Tensor; step: Tensor }
    const { graph, outputNames } = trace(
      (p: P) => {
        const [value, more, g] = valueAndGradWith((q: P) => [sum(mul(q.w, q.w)), { twice: mul(q.w, 2) }] as const)(p)
        return { value, more, g }
      },
      [{ w: spec('f32', [2]), unused: spec('f32', [3]), step: spec('i64', []) }],
    )
    expect(outputNames).toEqual(['value', 'more/twice', 'g/w', 'g/unused', 'g/step'])
    const out = interpret(graph, [f32([1, 2]), f32([1, 1, 1]), i64(4)])
    expect(out.map(a => [...numbersOf(a)])).toEqual([[5], [2, 4], [2, 4], [0, 0, 0], [0]])
    expect(out[4]!.dtype).toBe('i64')
  })
  test('only the argument is differentiated, not other uses of the tensor that was passed', () => {
    expect(values(x => grad((p: Tensor) => sum(mul(p, x!)))(x!), f32([3]))).toEqual([[3]])
    expect(values(x => grad((p: Tensor) => sum(mul(p, grad((q: Tensor) => sum(mul(q, p)))(p))))(x!), f32([3]))).toEqual([[6]])
  })
  test('the third derivative of x⁴ and the tenth of sin', () => {
    const nth = (f: (x: Tensor) => Tensor, n: number): ((x: Tensor) => Tensor) => (n === 0 ? f : nth(x => grad(f)(x), n - 1))
    expect(values(x => nth(y => mul(mul(y, y), mul(y, y)), 3)(x!), f32(2))).toEqual([[48]])
    expect(values(x => nth(sin, 10)(x!), f32(0.7))[0]![0]).toBeCloseTo(-Math.sin(Math.fround(0.7)), 12)
  })
  test('values used twice, outputs used in part, dead ends', () => {
    const f = (x: Tensor) => {
      const [a, b] = split(x, 2) as [Tensor, Tensor]
      const { values: top } = topK(x, 2)
      return add(sum(mul(a, a)), add(sum(mul(top, 3)), mul(sum(b), 0)))
    }
    expect(values(x => grad(f)(x!), f32([4, 1, 3, 2]))).toEqual([[11, 2, 3, 0]])
    expect(values(x => grad((p: Tensor) => sum(cast(less(0, p), 'f32')))(x!), f32([1]))).toEqual([[0]])
    expect(values(x => grad((p: Tensor) => sum(floor(p)))(x!), f32([1.5]))).toEqual([[0]])
  })
  test('a pullback is given any cotangent, any number of times', () => {
    const out = values(
      (x, g) => {
        const { value, pull } = vjp((p: Tensor) => tanh(p), x!)
        return [value, pull(g!), pull(mul(g!, 2))]
      },
      f32([0.5, -1]),
      f32([1, 3]),
    )
    const slope = (x: number) => 1 - Math.tanh(x) ** 2
    expect(out[1]![1]).toBeCloseTo(3 * slope(-1), 12)
    expect(out[2]![0]).toBeCloseTo(2 * slope(0.5), 12)
  })
  test('a graph a hundred thousand nodes deep is differentiated', () => {
    const deep = (x: Tensor) => {
      let y = x
      for (let i = 0; i < 100_000; i++) y = add(y, 1e-5)
      return mul(y, y)
    }
    const [[g]] = values(x => grad(deep)(x!), f32(1)) as [[number]]
    expect(g).toBeCloseTo(4, 4)
  })
  test('what cannot be differentiated says so', () => {
    const x = constant(f32([1, 2]))
    expect(() => grad((p: Tensor) => p)(x)).toThrow('grad needs an f32 scalar loss, got f32[2]; take its mean or sum')
    expect(() => grad((p: Tensor) => cast(sum(p), 'i64'))(x)).toThrow('got i64[]')
    expect(() => vjp((p: Tensor) => p, x).pull(constant(1))).toThrow('a cotangent has shape [], its output [2]')
  })
})

test('forward mode of several arguments, and a Hessian–vector product, of a small network', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), seed => {
      const setup = { args: [num([2, 3]), num([3, 4]), num([4])], f: (x: Tensor, w: Tensor, b: Tensor) => tanh(add(matmul(x, w), b)) }
      checkDerivatives(setup as never, valuesOf(setup.args, seed), seed)
    }),
    { numRuns: 10 },
  )
  type P = { a: Tensor; b: Tensor }
  const f = (p: P) => sum(mul(p.a, exp(p.b)))
  const out = values(
    (a, b, da, db) => [jvp(f, { a: a!, b: b! }, { a: da!, b: db! }).tangent, hvp(f, { a: a!, b: b! }, { a: da!, b: db! })],
    f32([2]),
    f32([0]),
    f32([3]),
    f32([5]),
  )
  expect(out).toEqual([[13], [5], [13]])
})

describe('gradients that the user sets', () => {
  test('stopGradient: the value passes, the gradient does not', () => {
    expect(values(x => [stopGradient(x!), grad((p: Tensor) => sum(mul(p, stopGradient(p))))(x!)], f32([3]))).toEqual([[3], [3]])
  })
  test('customGradient takes the place of the derivative, and is differentiated itself', () => {
    // A gradient that is doubled on its way back: straight through to second order.
    const doubled = customGradient(
      (x: Tensor) => mul(x, mul(x, x)),
      ({ inputs: [x], cotangents: [g] }) => [mul(g!, mul(6, mul(x!, x!)))],
    )
    const first = (x: Tensor) => grad((p: Tensor) => sum(doubled(p)))(x)
    expect(values(x => [doubled(x!), first(x!), grad((p: Tensor) => sum(first(p)))(x!)], f32([2]))).toEqual([[8], [24], [24]])
  })
  test('customGradient of several inputs and outputs, some without cotangent', () => {
    const both = customGradient(
      (a: Tensor, b: Tensor) => [add(a, b), mul(a, b)],
      ({ inputs, outputs, cotangents: [, g] }) => {
        expect(outputs.length).toBe(2)
        return [mul(g!, 10), mul(g!, inputs[0]!)]
      },
    )
    const f = (p: Tensor[]) => sum((both(p[0]!, p[1]!) as Tensor[])[1]!)
    expect(values((a, b) => grad(f)([a!, b!]), f32([2]), f32([3]))).toEqual([[10], [2]])
  })
  test('a gradient reversed, as in domain-adversarial training', () => {
    const reversed = customGradient(
      (x: Tensor) => x,
      ({ cotangents }) => [mul(cotangents[0]!, -1)],
    )
    expect(values(x => grad((p: Tensor) => sum(mul(reversed(p), 5)))(x!), f32([1, 1]))).toEqual([[-5, -5]])
  })
  test('hostCall: any code, integer or number results, no gradient', () => {
    const sorted = (x: Tensor) =>
      hostCall('sorted', [x], [spec('f32', x.shape)], a => [f32([...(a!.data as Float32Array)].sort((p, q) => p - q))])[0]!
    expect(values(x => [sorted(x!), grad((p: Tensor) => sum(mul(sorted(p), p)))(x!)], f32([3, 1, 2]))).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ])
  })
})

test('what was computed for no derivative is not in the graph', () => {
  const { graph } = trace(
    (x: Tensor) => valueAndGrad((p: Tensor) => sum(where(less(0, p), p, stopGradient(exp(p)))))(x),
    [spec('f32', [2])],
  )
  const names = reachable(graph.outputs).map(n => n.op.name)
  expect(names.filter(n => n === 'exp').length).toBe(1)
  const { graph: g2 } = trace(
    (x: Tensor) => grad((p: Tensor) => sum(mul(stopGradient(tanh(reshape(p, [2]))), at(p, 0))))(x),
    [spec('f32', [1, 2])],
  )
  expect(reachable(g2.outputs).some(n => n.op.name === 'sub')).toBe(false)
})
