/** Shapes read and changed, elements moved and made. */
import { broadcastShapes, sizeOf } from '../../graph/shape.ts'
import type { Tensor } from '../../graph/tensor.ts'
import { apply } from '../../graph/tensor.ts'
import { constant } from '../../ops/constant.ts'
import * as op from '../../ops/index.ts'
import { padOp } from '../../ops/shape.ts'
import { dtypeOf } from '../proto/dtype.ts'
import type { Call, Import } from './call.ts'
import { arrayFrom, dtypeFor } from './value.ts'

const numbers = (list: readonly number[]): Tensor =>
  constant({ dtype: 'i64', shape: [list.length], data: BigInt64Array.from(list, BigInt) })

const clamp = (v: number, low: number, high: number): number => Math.min(Math.max(v, low), high)

const shapeOf: Import = c => {
  const { shape, rank } = c.x(0)
  const at = (v: number) => clamp(v < 0 ? v + rank : v, 0, rank)
  return numbers(shape.slice(at(c.int('start', 0)), at(c.int('end', rank))))
}

const reshape: Import = c => {
  const x = c.x(0)
  const to = c.list(1, 'shape') ?? c.fail('has no shape')
  const copies = c.int('allowzero', 0) === 0
  const shape = to.map((n, i) => (n === 0 && copies ? (x.shape[i] ?? c.fail(`copies axis ${i} of a tensor of rank ${x.rank}`)) : n))
  const known = shape.reduce((n, d) => (d === -1 ? n : n * d), 1)
  const free = shape.filter(n => n === -1).length
  if (free > 1 || (free === 1 ? known === 0 || x.size % known !== 0 : known !== x.size))
    c.fail(`cannot fill [${to}] with the ${x.size} elements of [${x.shape}]; was the model exported for another batch?`)
  return op.reshape(x, shape)
}

const flatten: Import = c => {
  const { shape, rank } = c.x(0)
  const given = c.int('axis', 1)
  const axis = given === rank ? rank : c.axis(given, rank)
  return op.reshape(c.x(0), [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis))])
}

const squeeze: Import = c => {
  const x = c.x(0)
  const axes = c.list(1, 'axes') ?? x.shape.flatMap((n, i) => (n === 1 ? [i] : []))
  return op.squeeze(x, axes)
}

const unsqueeze: Import = c => {
  const x = c.x(0)
  const given = c.list(1, 'axes') ?? c.fail('has no axes')
  const rank = x.rank + given.length
  const axes = new Set(given.map(a => c.axis(a, rank)))
  let from = 0
  return op.reshape(
    x,
    Array.from({ length: rank }, (_, i) => (axes.has(i) ? 1 : x.shape[from++]!)),
  )
}

/** One axis of a slice, forwards or backwards, with ONNX's clamping. */
function sliceAxis(x: Tensor, axis: number, from: number, to: number, step: number): Tensor {
  const n = x.shape[axis]!
  const at = (v: number, low: number, high: number) => clamp(v < 0 ? v + n : v, low, high)
  const ranges = (start: number, end: number, by: number) =>
    x.shape.map((_, i) => (i === axis ? ([start, Math.max(start, end), by] as const) : null))
  if (step > 0) return op.slice(x, ranges(at(from, 0, n), at(to, 0, n), step))
  const [start, end] = [at(from, 0, n - 1), at(to, -1, n - 1)]
  return op.slice(op.reverse(x, axis), ranges(n - 1 - start, n - 1 - end, -step))
}

const slice: Import = c => {
  let x = c.x(0)
  const starts = c.list(1, 'starts') ?? c.fail('has no starts')
  const ends = c.list(2, 'ends') ?? c.fail('has no ends')
  const axes = c.list(3, 'axes') ?? starts.map((_, i) => i)
  const steps = c.list(4, 'steps') ?? starts.map(() => 1)
  axes.forEach((a, i) => {
    if (steps[i] === 0) c.fail('has a step of 0')
    x = sliceAxis(x, c.axis(a, x.rank), starts[i]!, ends[i]!, steps[i]!)
  })
  return x
}

const split: Import = c => {
  const x = c.x(0)
  const axis = c.axis(c.int('axis', 0), x.rank)
  const n = x.shape[axis]!
  const parts = c.attribute('num_outputs', 'int') ?? c.node.output.length
  const each = Math.ceil(n / parts)
  const sizes = c.list(1, 'split') ?? Array.from({ length: parts }, (_, i) => Math.max(0, Math.min(each, n - i * each)))
  return op.split(x, sizes, axis)
}

const expand: Import = c => {
  const to = c.list(1, 'shape') ?? c.fail('has no shape')
  return op.broadcastTo(c.x(0), broadcastShapes(c.x(0).shape, to))
}

/** Along each axis by index: `reflect` mirrors without the edge, `edge` repeats it, `wrap` starts again. */
function padByIndex(c: Call, x: Tensor, axis: number, low: number, high: number, mode: string): Tensor {
  const n = x.shape[axis]!
  const place = (i: number): number => {
    if (mode === 'edge') return clamp(i, 0, n - 1)
    if (mode === 'wrap') return ((i % n) + n) % n
    const mirrored = i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i
    return mirrored >= 0 && mirrored < n ? mirrored : c.fail(`reflects ${Math.max(low, high)} elements of an axis of ${n}`)
  }
  return op.gather(x, numbers(Array.from({ length: low + n + high }, (_, i) => place(i - low))), axis)
}

const pad: Import = c => {
  const mode = c.string('mode', 'constant')
  const pads = c.list(1, 'pads') ?? c.fail('has no pads')
  let x = c.x(0)
  const axes = (c.list(3, 'axes') ?? x.shape.map((_, i) => i)).map(a => c.axis(a, x.rank))
  const k = axes.length
  const low = x.shape.map((_, i) => (axes.includes(i) ? pads[axes.indexOf(i)]! : 0))
  const high = x.shape.map((_, i) => (axes.includes(i) ? pads[axes.indexOf(i) + k]! : 0))
  // Fewer than none cut off.
  x = op.slice(
    x,
    x.shape.map((n, i) => [Math.max(0, -low[i]!), n - Math.max(0, -high[i]!)]),
  )
  const around = x.shape.map((_, i) => [Math.max(0, low[i]!), Math.max(0, high[i]!), 0] as const)
  if (mode === 'constant') {
    if (around.every(p => p[0] === 0 && p[1] === 0)) return x
    const value = c.maybe(2)
    const fill = value ? op.reshape(value, []) : constant(c.float('value', 0), x.dtype)
    return apply(padOp, [x, fill], { pads: around })[0]!
  }
  around.forEach(([a, b], i) => {
    if (a + b > 0) x = padByIndex(c, x, i, a, b, mode)
  })
  return x
}

const range: Import = c => {
  const [start, limit, delta] = [0, 1, 2].map(i => Number(c.known(i, ['start', 'limit', 'delta'][i]!)!.data[0])) as [number, number, number]
  const list = Array.from({ length: Math.max(0, Math.ceil((limit - start) / delta)) }, (_, i) => start + i * delta)
  return c.x(0).dtype === 'i64' ? numbers(list) : constant({ dtype: 'f32', shape: [list.length], data: Float32Array.from(list) })
}

const constantOfShape: Import = c => {
  const shape = c.list(0, 'shape') ?? c.fail('has no shape')
  const stored = c.attribute('value', 'tensor')
  const value = stored ? constant(arrayFrom(stored)) : constant(0)
  return op.broadcastTo(op.reshape(value, []), shape)
}

/** The attribute that is set says what it is. */
const constantNode: Import = c => {
  const tensor = c.attribute('value', 'tensor')
  if (tensor) return constant(arrayFrom(tensor))
  const [float, int] = [c.attribute('value_float', 'float'), c.attribute('value_int', 'int')]
  if (float !== undefined) return constant(float)
  if (int !== undefined) return constant(int, 'i64')
  const [floats, ints] = [c.attribute('value_floats', 'floats'), c.ints('value_ints')]
  if (floats) return constant({ dtype: 'f32', shape: [floats.length], data: Float32Array.from(floats) })
  return ints ? numbers(ints) : c.fail('has no value of numbers')
}

const trilu: Import = c => {
  const x = c.x(0)
  const k = Number(c.known(1, 'diagonal')?.data[0] ?? 0)
  return c.int('upper', 1) === 1 ? op.triu(x, k) : op.tril(x, k)
}

const eyeLike: Import = c => {
  const [rows, columns] = c.x(0).shape as [number, number]
  const code = c.attribute('dtype', 'int')
  const k = c.int('k', 0)
  const on = op.and(op.trilMask(rows, columns, k), op.not(op.trilMask(rows, columns, k - 1)))
  return op.cast(
    on,
    code === undefined ? c.x(0).dtype : (dtypeFor(dtypeOf(code) ?? 'string') ?? c.fail('makes a type that a graph cannot hold')),
  )
}

/** Blocks of channels to places and back: [N, C·b², H, W] ↔ [N, C, H·b, W·b]. */
const depthToSpace: Import = c => {
  const b = c.int('blocksize', 1)
  const [n, channels, h, w] = c.x(0).shape as [number, number, number, number]
  const each = channels / (b * b)
  const crd = c.string('mode', 'DCR') === 'CRD'
  const apart = op.reshape(c.x(0), crd ? [n, each, b, b, h, w] : [n, b, b, each, h, w])
  return op.reshape(op.transpose(apart, crd ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]), [n, each, h * b, w * b])
}
const spaceToDepth: Import = c => {
  const b = c.int('blocksize', 1)
  const [n, channels, h, w] = c.x(0).shape as [number, number, number, number]
  const apart = op.reshape(c.x(0), [n, channels, h / b, b, w / b, b])
  const order = c.string('mode', 'DCR') === 'CRD' ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4]
  return op.reshape(op.transpose(apart, order), [n, channels * b * b, h / b, w / b])
}

export const shape: Readonly<Record<string, Import>> = {
  Constant: constantNode,
  ConstantOfShape: constantOfShape,
  Shape: shapeOf,
  Size: c => constant(c.x(0).size, 'i64'),
  Range: range,
  EyeLike: eyeLike,
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: c => op.transpose(c.x(0), c.ints('perm') ?? c.x(0).shape.map((_, i) => c.x(0).rank - 1 - i)),
  Concat: c => op.concat(c.all(), c.axis(c.int('axis', 0), c.x(0).rank)),
  Split: split,
  Slice: slice,
  Expand: expand,
  Tile: c => op.tile(c.x(0), c.list(1, 'repeats') ?? c.fail('has no repeats')),
  Pad: pad,
  Trilu: trilu,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
}
