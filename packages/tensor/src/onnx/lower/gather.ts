/** Elements by index, and sums that go back. */
import { stridesOf } from '../../graph/shape.ts'
import type { Tensor } from '../../graph/tensor.ts'
import { attribute } from '../proto/index.ts'
import type { Emitter } from './emitter.ts'
import type { Lowering } from './lowering.ts'

interface Sized {
  axis: number
  size: number
}

/**
 * A one-hot matrix times the rows: exact whatever the indices, because a matrix product adds up in an order of its own that no thread changes.
 * Large tables are not lowered (see plan/): there the host adds the rows.
 */
const scatterAddLowering: Lowering<Sized> = (e, { attrs: { axis, size }, inputs }, [indices, rows], [y]) => {
  const [index, values] = [inputs[0]!, inputs[1]!]
  const n = index.size
  const before = values.shape.slice(0, axis)
  const after = values.shape.slice(axis + index.rank)
  const inner = after.reduce((a, b) => a * b, 1)
  const range = e.constant(
    'i64',
    [size, 1],
    BigInt64Array.from({ length: size }, (_, i) => BigInt(i)),
  )
  const hot = e.cast(e.emit('Equal', [range, e.reshape(indices!, [1, n])]), 'f32')
  const product = e.emit('MatMul', [hot, e.reshape(rows!, [...before, n, inner])])
  e.reshape(product, [...before, size, ...after], y)
}

/**
 * With one index along the axis nothing can meet: a plain write. Where few meet they are added one after another, which onnxruntime does in the order of the indices. Otherwise each
 * index's one-hot row is taken in turn; the host adds up those of long axes (see plan/).
 */
const scatterAlongAxisLowering: Lowering<Sized & { few: boolean }> = (
  e,
  { attrs: { axis, size, few }, inputs, outputs },
  [indices, values],
  [y],
) => {
  const k = inputs[0]!.shape[axis]!
  const zero = e.emit('Expand', [e.scalar(0), e.ints(outputs[0]!.shape)])
  if (k <= 1 || few) {
    const reduction = attribute.string(k <= 1 ? 'none' : 'add')
    e.emit('ScatterElements', [zero, indices!, values!], { axis: attribute.int(axis), reduction }, y)
    return
  }
  const rank = inputs[0]!.rank
  const range = e.constant(
    'i64',
    Array.from({ length: rank }, (_, i) => (i === axis ? size : 1)),
    BigInt64Array.from({ length: size }, (_, i) => BigInt(i)),
  )
  let total: string | undefined
  for (let i = 0; i < k; i++) {
    const at = e.slice(indices!, [i], [i + 1], [axis], [1])
    const v = e.slice(values!, [i], [i + 1], [axis], [1])
    const term = e.emit('Where', [e.emit('Equal', [range, at]), v, e.scalar(0)])
    total = total === undefined ? term : e.emit('Add', [total, term], {}, i === k - 1 ? y : undefined)
  }
}

const maxPoolLowering: Lowering<{ kernel: number[]; strides: number[]; pads: [number, number][]; dilations: number[] }> = (
  e,
  { attrs, inputs },
  [x],
  [y, index],
) => {
  const flat = e.fresh()
  e.emitAll('MaxPool', [x!], [y!, flat], {
    kernel_shape: attribute.ints(attrs.kernel),
    strides: attribute.ints(attrs.strides),
    dilations: attribute.ints(attrs.dilations),
    pads: attribute.ints([...attrs.pads.map(p => p[0]), ...attrs.pads.map(p => p[1])]),
  })
  // ONNX counts over all channels, the operator within one.
  e.emit('Mod', [flat, e.scalar(stridesOf(inputs[0]!.shape)[1]!, 'i64')], {}, index)
}

/** Operators whose indices lie in the axis that they were made of. */
const INSIDE = new Set(['constant', 'topK', 'argMax', 'argMin', 'maxPool', 'permutation'])

/** Indices as ONNX takes them: it counts negative ones from the end, here they are outside, as is what they are sent to. */
function guarded(e: Emitter, t: Tensor, name: string, size: number): string {
  if (INSIDE.has(t.node.op.name)) return name
  return e.emit('Where', [e.emit('Less', [name, e.scalar(0, 'i64')]), e.scalar(size, 'i64'), name])
}

const byIndex =
  (op: 'Gather' | 'GatherElements'): Lowering<{ axis: number }> =>
  (e, { attrs: { axis }, inputs }, [x, indices], [y]) => {
    e.emit(op, [x!, guarded(e, inputs[1]!, indices!, inputs[0]!.shape[axis]!)], { axis: attribute.int(axis) }, y)
  }

export const gather: Record<string, Lowering> = {
  gather: byIndex('Gather') as Lowering,
  scatterAdd: scatterAddLowering as Lowering,
  takeAlongAxis: byIndex('GatherElements') as Lowering,
  scatterAlongAxis: scatterAlongAxisLowering as Lowering,
  maxPool: maxPoolLowering as Lowering,
}
