/** Derivatives of a case against central differences, in double precision. */
import { expect } from 'vitest'
import { hvp, jvp } from '../autodiff/jvp.ts'
import { cotangentsOf, grad, zerosLike } from '../autodiff/vjp.ts'
import { type NDArray, numbersOf } from '../graph/array.ts'
import { spec, type Type } from '../graph/dtype.ts'
import { Tensor } from '../graph/tensor.ts'
import { type Graph, trace } from '../graph/trace.ts'
import { interpret } from '../interpret/interpret.ts'
import { Key } from '../random/key.ts'
import { fillNormal } from '../random/philox.ts'
import type { Setup } from './cases/case.test-kit.ts'
import { add, concat, mul, reshape, sum } from './index.ts'

const asList = (y: Tensor | readonly Tensor[]): readonly Tensor[] => (y instanceof Tensor ? [y] : y)

/** All f32 results of a setup as one vector. */
export const flatOf = (y: Tensor | readonly Tensor[]): Tensor =>
  concat(asList(y).flatMap(t => (t.dtype === 'f32' ? [reshape(t, [t.size])] : [])))

const doubles = (shape: readonly number[], data: ArrayLike<number>): NDArray => ({ dtype: 'f64', shape, data: Float64Array.from(data) })

function normals(key: Key, shape: readonly number[]): NDArray {
  const z = new Float32Array(shape.reduce((a, b) => a * b, 1))
  fillNormal(z, key.words)
  return doubles(shape, z)
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let total = 0
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!
  return total
}
const length = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a))
const joined = (list: readonly NDArray[]): number[] => list.flatMap(a => [...numbersOf(a)])

/** Central differences of order 4 of a vector function along a line, for steps from coarse to fine. */
function* slopes(f: (t: number) => number[]): Generator<number[]> {
  for (const h of [2e-3, 4e-4, 8e-5, 1e-5]) {
    const [a, b, c, d] = [f(-2 * h), f(-h), f(h), f(2 * h)] as [number[], number[], number[], number[]]
    yield a.map((_, i) => (a[i]! - 8 * b[i]! + 8 * c[i]! - d[i]!) / (12 * h))
  }
}

/** The nearest of the differences is within 1e-6 of what is claimed, relative to its length. */
function expectSlope(what: string, claimed: readonly number[], scale: number, f: (t: number) => number[]): void {
  let best = Number.POSITIVE_INFINITY
  const tolerance = 1e-6 * (scale + 0.01)
  for (const slope of slopes(f)) {
    best = Math.min(best, length(slope.map((s, i) => s - claimed[i]!)))
    if (best <= tolerance) return
  }
  expect.fail(`${what}: differences are ${best} away from the derivative, more than ${tolerance}`)
}

/**
 * Checks, at the given inputs: the gradient of u·y + ½|y|² against differences, its Hessian–vector product against differences of the gradient, and u·(Jv) = (Jᵀu)·v.
 * Derivatives are along a random unit vector, which sees an error in any element.
 */
export function checkDerivatives(setup: Setup, inputs: readonly NDArray[], seed: number): void {
  const key = Key.fromSeed(seed)
  const floats = setup.args.flatMap((a, i) => (a.dtype === 'f32' ? [i] : []))
  const types: Type[] = setup.args.map(a => spec(a.dtype, a.shape))
  const values = inputs.map((a, i) => (floats.includes(i) ? doubles(a.shape, numbersOf(a)) : a))
  const vector = (xs: readonly Tensor[]): Tensor => flatOf(setup.f(...xs.slice(0, types.length)))
  const withFloats = (xs: readonly Tensor[], p: readonly Tensor[]): Tensor[] =>
    xs.map((x, i) => (floats.includes(i) ? p[floats.indexOf(i)]! : x))
  const m = trace((...xs: Tensor[]) => vector(xs), types).graph.outputs[0]!.size
  if (m === 0) return

  const n = types.length
  const loss = (xs: readonly Tensor[], u: Tensor) => (p: Tensor[]) => {
    const y = vector(withFloats(xs, p))
    return add(sum(mul(u, y)), mul(sum(mul(y, y)), 0.5))
  }
  const at = (xs: readonly Tensor[]) => floats.map(i => xs[i]!)
  const u = normals(key.fork('u'), [m])
  const directions = floats.map(i => normals(key.fork(i), setup.args[i]!.shape))
  const norm = length(joined(directions)) || 1
  const v = directions.map(d =>
    doubles(
      d.shape,
      numbersOf(d).map(x => x / norm),
    ),
  )

  const tangentTypes = floats.map(i => types[i]!)
  const value = trace((...a: Tensor[]) => loss(a, a[n]!)(at(a)), [...types, spec('f32', [m])]).graph
  const gradient = trace((...a: Tensor[]) => grad(loss(a, a[n]!))(at(a)), [...types, spec('f32', [m])]).graph
  const more = trace(
    (...a: Tensor[]) => {
      const [x, w, dir] = [a.slice(0, n), a[n]!, a.slice(n + 1)]
      const f = (p: Tensor[]) => vector(withFloats(x, p))
      const fresh = at(x)
      const pulled = cotangentsOf([f(fresh)], [w], fresh).map((g, i) => g ?? zerosLike(fresh[i]!))
      return { second: hvp(loss(x, w), at(x), dir), tangent: jvp(f, at(x), dir).tangent, pulled }
    },
    [...types, spec('f32', [m]), ...tangentTypes],
  ).graph

  const moved = (t: number): NDArray[] =>
    values.map((a, i) => {
      const k = floats.indexOf(i)
      return k < 0
        ? a
        : doubles(
            a.shape,
            numbersOf(a).map((x, j) => x + t * Number(v[k]!.data[j]!)),
          )
    })
  const run = (graph: Graph, t: number): number[] => joined(interpret(graph, [...moved(t), u]))

  const g = run(gradient, 0)
  expect(g.every(Number.isFinite), 'a gradient is not finite').toBe(true)
  expectSlope('gradient', [dot(g, joined(v))], length(g), t => run(value, t))

  const out = interpret(more, [...values, u, ...v])
  const k = floats.length
  const second = joined(out.slice(0, k))
  const tangent = joined(out.slice(k, k + 1))
  const pulled = joined(out.slice(k + 1))
  expectSlope('second derivative', second, length(second), t => run(gradient, t))
  const [left, right] = [dot(joined([u]), tangent), dot(pulled, joined(v))]
  expect(Math.abs(left - right), 'u·(Jv) = (Jᵀu)·v').toBeLessThanOrEqual(1e-10 * (1 + Math.abs(left) + length(pulled)))
}
