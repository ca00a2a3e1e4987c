/** A case: an operator or composed function, how to draw shapes and attributes for it, and what PyTorch calls it. */
import fc from 'fast-check'
import type { NDArray } from '../../graph/array.ts'
import { type DType, type Shape, typeName } from '../../graph/dtype.ts'
import { sizeOf } from '../../graph/shape.ts'
import type { Tensor } from '../../graph/tensor.ts'
import { Key } from '../../random/key.ts'
import { fillNormal, fillUniform } from '../../random/philox.ts'

/**
 * Where an argument's values come from: `normal`; `positive` (½ … 2); `unit` (0.05 … 0.95); `away` (|x| from ½ to 2); `distinct` (no two nearer than 0.04); `even` and `odd` (two
 * arguments whose elements are never nearer than 0.06 to each other); `simplex` (softmax of normals along the last axis); a number n: whole numbers from 0 to below n.
 */
export type Values = 'normal' | 'positive' | 'unit' | 'away' | 'distinct' | 'even' | 'odd' | 'simplex' | 'key' | number

export interface Arg {
  readonly dtype: DType
  readonly shape: Shape
  readonly values: Values
  /** Values are pushed away from these by 0.05: where the function has a kink. */
  readonly kinks?: readonly number[] | undefined
}

export const num = (shape: Shape, values: Values = 'normal', kinks?: readonly number[]): Arg => ({ dtype: 'f32', shape, values, kinks })
export const idx = (shape: Shape, below: number): Arg => ({ dtype: 'i64', shape, values: below })
export const flag = (shape: Shape): Arg => ({ dtype: 'bool', shape, values: 2 })
export const keyArg: Arg = { dtype: 'i64', shape: [2], values: 'key' }

/** One drawn instance of a case. */
export interface Setup {
  readonly args: readonly Arg[]
  readonly f: (...inputs: Tensor[]) => Tensor | readonly Tensor[]
  /** The same in PyTorch: a Python expression of a, b, c … (torch, F and math are in scope). */
  readonly torch?: string | undefined
}

export interface Case {
  readonly name: string
  readonly setups: fc.Arbitrary<Setup>
  /** `none`: integers, conditions or draws, only values are compared. */
  readonly derivatives: 'both' | 'none'
}

/** A setup as a counterexample prints it. */
const named = (name: string, s: Setup): Setup =>
  Object.assign(s, { [fc.toStringMethod]: () => `${name}(${s.args.map(a => `${typeName(a)}:${a.values}`).join(', ')}) ${s.torch ?? s.f}` })

export const define = (name: string, setups: fc.Arbitrary<Setup>, derivatives: Case['derivatives'] = 'both'): Case => ({
  name,
  setups: setups.map(s => named(name, s)),
  derivatives,
})

export const arbShape = (min = 0, max = 3, size = 4): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 1, max: size }), { minLength: min, maxLength: max })

/** A shape of rank ≥ `min` and one of its axes. */
export const arbAxis = (min = 1, max = 3, size = 4): fc.Arbitrary<{ shape: number[]; axis: number }> =>
  arbShape(min, max, size).chain(shape => fc.record({ shape: fc.constant(shape), axis: fc.integer({ min: 0, max: shape.length - 1 }) }))

/** A shape and some of its axes. */
export const arbAxes = (min = 1): fc.Arbitrary<{ shape: number[]; axes: number[]; keepDims: boolean }> =>
  arbShape(min).chain(shape =>
    fc.record({
      shape: fc.constant(shape),
      axes: fc.subarray([...shape.keys()], { minLength: min === 0 ? 0 : 1 }),
      keepDims: fc.boolean(),
    }),
  )

/** `count` shapes that broadcast together. */
export const arbBroadcast = (count: number): fc.Arbitrary<number[][]> =>
  arbShape().chain(shape =>
    fc.array(
      fc
        .record({ drop: fc.integer({ min: 0, max: shape.length }), one: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }) })
        .map(({ drop, one }) => shape.slice(drop).map((n, i) => (one[i] ? 1 : n))),
      { minLength: count, maxLength: count },
    ),
  )

/** Values for the arguments of a setup, the same for the same seed; f32 arrays hold f32 numbers. */
export function valuesOf(args: readonly Arg[], seed: number): NDArray[] {
  const key = Key.fromSeed(seed)
  return args.map((arg, i) => draw(arg, key.fork(i)))
}

function draw({ dtype, shape, values, kinks = [] }: Arg, key: Key): NDArray {
  const n = sizeOf(shape)
  if (values === 'key') return { dtype: 'i64', shape, data: key.toInt64() }
  const u = new Float32Array(n)
  fillUniform(u, key.words)
  if (dtype === 'i64') return { dtype, shape, data: BigInt64Array.from(u, x => BigInt(Math.floor(x * (values as number)))) }
  if (dtype === 'bool') return { dtype, shape, data: Uint8Array.from(u, x => (x < 0.5 ? 0 : 1)) }
  const z = new Float32Array(n)
  fillNormal(z, key.words)
  const lattice = (x: number, from: number, jitter: number) => Math.round(x * 5) / 5 + from + 0.04 * (jitter - 0.5)
  const make: Record<string, (i: number) => number> = {
    normal: i => z[i]!,
    positive: i => 0.5 + 1.5 * u[i]!,
    unit: i => 0.05 + 0.9 * u[i]!,
    away: i => (z[i]! < 0 ? -1 : 1) * (0.5 + 1.5 * u[i]!),
    even: i => lattice(z[i]!, 0, u[i]!),
    odd: i => lattice(z[i]!, 0.1, u[i]!),
    simplex: i => Math.exp(z[i]!),
  }
  const data = values === 'distinct' ? distinct(u) : Float32Array.from({ length: n }, (_, i) => pushed(make[values]!(i), kinks))
  if (values === 'simplex') {
    const d = shape.at(-1)!
    for (let r = 0; r < n; r += d) {
      const total = data.subarray(r, r + d).reduce((a, b) => a + b, 0)
      for (let j = r; j < r + d; j++) data[j]! /= total
    }
  }
  return { dtype: 'f32', shape, data }
}

const pushed = (x: number, kinks: readonly number[]): number =>
  kinks.reduce((v, k) => (Math.abs(v - k) < 0.05 ? (v < k ? k - 0.05 : k + 0.05) : v), x)

/** Ranks of the numbers, spread around 0. */
function distinct(u: Float32Array): Float32Array {
  const out = new Float32Array(u.length)
  const order = [...u.keys()].sort((a, b) => u[a]! - u[b]!)
  for (const [rank, i] of order.entries()) out[i] = (rank - (u.length - 1) / 2) * 0.13 + 0.04 * (u[i]! - 0.5)
  return out
}
