/** Operators that move elements and change none. */
import { ShapeError } from '../error.ts'
import type { Shape } from '../graph/dtype.ts'
import { broadcastShapes, normalAxes, normalAxis, sameShape, sizeOf } from '../graph/shape.ts'
import { apply, type Op, type Tensor } from '../graph/tensor.ts'
import { constant } from './constant.ts'
import { sub } from './elementwise.ts'
import { sumTo } from './reduce.ts'

export const reshapeOp: Op<{ readonly shape: Shape }> = {
  name: 'reshape',
  infer: ([x], { shape }) => {
    if (shape.some(n => !Number.isInteger(n) || n < 0) || sizeOf(shape) !== sizeOf(x!.shape)) {
      throw new ShapeError(`${sizeOf(x!.shape)} elements do not fill [${shape.join(',')}]`)
    }
    return [{ dtype: x!.dtype, shape }]
  },
  vjp: ({ inputs, cotangents }) => [reshape(cotangents[0]!, inputs[0]!.shape)],
}

/** The same elements in another shape; one size may be −1 and is worked out. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = shape.reduce((n, d) => (d === -1 ? n : n * d), 1)
  const full = shape.map(d => (d === -1 ? x.size / known : d))
  return sameShape(full, x.shape) ? x : apply(reshapeOp, [x], { shape: full })[0]!
}

export const transposeOp: Op<{ readonly perm: readonly number[] }> = {
  name: 'transpose',
  infer: ([x], { perm }) => {
    if (perm.length !== x!.shape.length || !perm.every((_, i) => perm.includes(i)))
      throw new ShapeError(`[${perm.join(',')}] is not an order of its axes`)
    return [{ dtype: x!.dtype, shape: perm.map(p => x!.shape[p]!) }]
  },
  vjp: ({ attrs, cotangents }) => [
    transpose(
      cotangents[0]!,
      attrs.perm.map((_, i) => attrs.perm.indexOf(i)),
    ),
  ],
}

/** Axes in another order: axis i of the result is axis `perm[i]` of x. By default the last two change places. */
export function transpose(x: Tensor, perm?: readonly number[]): Tensor {
  const order = perm?.map(p => normalAxis(p, x.rank)) ?? Array.from({ length: x.rank }, (_, i) => (i < x.rank - 2 ? i : 2 * x.rank - 3 - i))
  return order.every((p, i) => p === i) && order.length === x.rank ? x : apply(transposeOp, [x], { perm: order })[0]!
}

export const broadcastOp: Op<{ readonly shape: Shape }> = {
  name: 'broadcastTo',
  infer: ([x], { shape }) => {
    if (!sameShape(broadcastShapes(x!.shape, shape), shape)) throw new ShapeError(`does not broadcast to [${shape.join(',')}]`)
    return [{ dtype: x!.dtype, shape }]
  },
  vjp: ({ inputs, cotangents }) => [sumTo(cotangents[0]!, inputs[0]!.shape)],
}

/** Repeats a tensor along new or size-1 axes. */
export const broadcastTo = (x: Tensor, shape: Shape): Tensor => (sameShape(x.shape, shape) ? x : apply(broadcastOp, [x], { shape })[0]!)

export const sliceOp: Op<{ readonly starts: readonly number[]; readonly ends: readonly number[]; readonly steps: readonly number[] }> = {
  name: 'slice',
  infer: ([x], { starts, ends, steps }) => {
    const shape = x!.shape.map((n, i) => {
      if (!(starts[i]! >= 0 && starts[i]! <= ends[i]! && ends[i]! <= n && steps[i]! >= 1)) {
        throw new ShapeError(`${starts[i]}:${ends[i]}:${steps[i]} is not inside axis ${i} of size ${n}`)
      }
      return Math.ceil((ends[i]! - starts[i]!) / steps[i]!)
    })
    return [{ dtype: x!.dtype, shape }]
  },
  vjp: ({ inputs, attrs, cotangents }) => {
    const n = inputs[0]!.shape
    const g = cotangents[0]!
    return [
      pad(
        g,
        attrs.starts.map((s, i) => [s, n[i]! - s - (g.shape[i]! === 0 ? 0 : (g.shape[i]! - 1) * attrs.steps[i]! + 1), attrs.steps[i]! - 1]),
      ),
    ]
  },
}

/** Part of a tensor: for each axis `[start, end, step?]`, negative counts from the end, `null` is all of it; missing axes are whole. */
export function slice(x: Tensor, ranges: readonly (readonly [start: number, end?: number, step?: number] | null)[]): Tensor {
  if (ranges.length > x.rank) throw new ShapeError(`slice: ${ranges.length} ranges for a tensor of rank ${x.rank}`)
  const at = (v: number, n: number) => (v < 0 ? v + n : v)
  const starts = x.shape.map((n, i) => at(ranges[i]?.[0] ?? 0, n))
  const ends = x.shape.map((n, i) => at(ranges[i]?.[1] ?? n, n))
  const steps = x.shape.map((_, i) => ranges[i]?.[2] ?? 1)
  if (x.shape.every((n, i) => starts[i] === 0 && ends[i] === n && steps[i] === 1)) return x
  return apply(sliceOp, [x], { starts, ends, steps })[0]!
}

/** Element `index` along an axis, without that axis. */
export function at(x: Tensor, index: number, axis = 0): Tensor {
  const a = normalAxis(axis, x.rank)
  const i = index < 0 ? index + x.shape[a]! : index
  return reshape(
    slice(
      x,
      x.shape.map((_, d) => (d === a ? [i, i + 1] : null)),
    ),
    x.shape.filter((_, d) => d !== a),
  )
}

export const padOp: Op<{ readonly pads: readonly (readonly [low: number, high: number, inner: number])[] }> = {
  name: 'pad',
  infer: ([x, value], { pads }) => {
    if (pads.length !== x!.shape.length) throw new ShapeError(`${pads.length} pads for rank ${x!.shape.length}`)
    if (value!.dtype !== x!.dtype || value!.shape.length !== 0) throw new ShapeError('the fill is a scalar of the same type')
    if (pads.some(p => p.some(n => n < 0))) throw new ShapeError('pads are not negative (slice instead)')
    return [{ dtype: x!.dtype, shape: x!.shape.map((n, i) => pads[i]![0] + pads[i]![1] + (n === 0 ? 0 : n + (n - 1) * pads[i]![2])) }]
  },
  vjp: ({ inputs, attrs, cotangents, needs }) => {
    const g = cotangents[0]!
    const inside = slice(
      g,
      attrs.pads.map(([low, , inner], i) => {
        const n = inputs[0]!.shape[i]!
        return [low, low + (n === 0 ? 0 : (n - 1) * (inner + 1) + 1), inner + 1]
      }),
    )
    // The fill gets what fell outside: the whole less the inside.
    return [inside, needs[1] ? sub(sumTo(g, []), sumTo(inside, [])) : undefined]
  },
}

/** Surrounds with `value`: for each axis `[low, high, inner?]`, `inner` many between neighbours. */
export function pad(x: Tensor, pads: readonly (readonly [low: number, high: number, inner?: number])[], value = 0): Tensor {
  const full = pads.map(([low, high, inner = 0]) => [low, high, inner] as const)
  return full.every(p => p.every(n => n === 0)) && full.length === x.rank
    ? x
    : apply(padOp, [x, constant(value, x.dtype)], { pads: full })[0]!
}

export const concatOp: Op<{ readonly axis: number }> = {
  name: 'concat',
  infer: (types, { axis }) => {
    const [first] = types
    for (const t of types) {
      if (t.dtype !== first!.dtype) throw new ShapeError('the parts are of different types')
      if (t.shape.length !== first!.shape.length || t.shape.some((n, i) => i !== axis && n !== first!.shape[i])) {
        throw new ShapeError(`the parts differ off axis ${axis}`)
      }
    }
    return [{ dtype: first!.dtype, shape: first!.shape.map((n, i) => (i === axis ? types.reduce((a, t) => a + t.shape[axis]!, 0) : n)) }]
  },
  vjp: ({ inputs, attrs: { axis }, cotangents, needs }) => {
    let from = 0
    return inputs.map((x, i) => {
      const start = from
      from += x.shape[axis]!
      return needs[i]
        ? slice(
            cotangents[0]!,
            x.shape.map((_, d) => (d === axis ? [start, start + x.shape[axis]!] : null)),
          )
        : undefined
    })
  },
}

/** Joins tensors along an axis. */
export function concat(parts: readonly Tensor[], axis = 0): Tensor {
  if (parts.length === 0) throw new ShapeError('concat: no parts')
  return parts.length === 1 ? parts[0]! : apply(concatOp, parts, { axis: normalAxis(axis, parts[0]!.rank) })[0]!
}

/** Joins tensors of one shape along a new axis. */
export function stack(parts: readonly Tensor[], axis = 0): Tensor {
  const rank = (parts[0]?.rank ?? 0) + 1
  const a = normalAxis(axis, rank)
  return concat(
    parts.map(p => expandDims(p, a)),
    a,
  )
}

/** Cuts along an axis into equal parts, or into parts of the given sizes. */
export function split(x: Tensor, parts: number | readonly number[], axis = 0): Tensor[] {
  const a = normalAxis(axis, x.rank)
  const n = x.shape[a]!
  if (typeof parts === 'number' && n % parts !== 0) throw new ShapeError(`split: axis ${a} of size ${n} does not divide into ${parts}`)
  const sizes = typeof parts === 'number' ? new Array<number>(parts).fill(n / parts) : parts
  if (sizes.reduce((s, k) => s + k, 0) !== n) throw new ShapeError(`split: sizes ${sizes.join(' + ')} do not add up to ${n}`)
  let from = 0
  return sizes.map(size => {
    from += size
    return slice(
      x,
      x.shape.map((_, d) => (d === a ? [from - size, from] : null)),
    )
  })
}

/** Inserts an axis of size 1. */
export function expandDims(x: Tensor, axis: number): Tensor {
  const a = normalAxis(axis, x.rank + 1)
  return reshape(x, [...x.shape.slice(0, a), 1, ...x.shape.slice(a)])
}

/** Removes axes of size 1. */
export function squeeze(x: Tensor, axes: number | readonly number[]): Tensor {
  const list = normalAxes(axes, x.rank)
  const bad = list.find(a => x.shape[a] !== 1)
  if (bad !== undefined) throw new ShapeError(`squeeze: axis ${bad} has size ${x.shape[bad]}`)
  return reshape(
    x,
    x.shape.filter((_, i) => !list.includes(i)),
  )
}

export const reverseOp: Op<{ readonly axis: number }> = {
  name: 'reverse',
  infer: ([x]) => [x!],
  vjp: ({ attrs, cotangents }) => [reverse(cotangents[0]!, attrs.axis)],
}

/** Back to front along an axis. */
export const reverse = (x: Tensor, axis = 0): Tensor => apply(reverseOp, [x], { axis: normalAxis(axis, x.rank) })[0]!
