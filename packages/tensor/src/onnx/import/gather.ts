/** Elements by index, and writes by index. */
import { sizeOf, stridesOf } from '../../graph/shape.ts'
import type { Tensor } from '../../graph/tensor.ts'
import { constant } from '../../ops/constant.ts'
import * as op from '../../ops/index.ts'
import type { Call, Import } from './call.ts'
import { constantOf, fold } from './value.ts'

/** Indices counted from either end, counted from the front. */
function fromFront(indices: Tensor, size: number): Tensor {
  const known = constantOf(indices)
  if (!known) return op.where(op.less(indices, 0), op.add(indices, size), indices)
  const data = (known.data as BigInt64Array).map(v => (v < 0n ? v + BigInt(size) : v))
  return constant({ ...known, data })
}

/** Rows of k indices [..., k] as places in an array of the first k axes of `shape`. */
function places(c: Call, indices: Tensor, shape: readonly number[]): Tensor {
  const k = indices.shape.at(-1)!
  if (k > shape.length) c.fail(`indexes ${k} axes of a tensor of rank ${shape.length}`)
  const strides = stridesOf(shape.slice(0, k))
  const lead = indices.shape.slice(0, -1)
  const column = (j: number) => op.reshape(op.slice(indices, [...lead.map(() => null), [j, j + 1]]), lead)
  const terms = strides.map((s, j) => op.mul(fromFront(column(j), shape[j]!), s))
  return terms.length === 0 ? op.zeros(lead, 'i64') : terms.reduce((a, b) => op.add(a, b))
}

const gatherND: Import = c => {
  const [x, indices] = [c.x(0), c.x(1)]
  const batch = c.int('batch_dims', 0)
  const lead = x.shape.slice(0, batch)
  const inside = x.shape.slice(batch)
  const k = indices.shape.at(-1)!
  const each = sizeOf(inside.slice(0, k))
  const n = sizeOf(lead)
  const flat = op.reshape(places(c, indices, inside), [n, -1])
  const all = op.add(flat, op.reshape(op.mul(op.iota(n), each), [n, 1]))
  const rows = op.gather(op.reshape(x, [n * each, ...inside.slice(k)]), all)
  return op.reshape(rows, [...indices.shape.slice(0, -1), ...inside.slice(k)])
}

/** Places that follow from constant indices, as a constant. */
const foldedIfKnown = (indices: Tensor, at: Tensor): Tensor => (constantOf(indices) ? fold([at])[0]! : at)

/** Which of the writes stands at each place last, as a constant; −1 where none does. */
function lastWrites(at: readonly number[], size: number): BigInt64Array {
  const last = new BigInt64Array(size).fill(-1n)
  for (const [i, p] of at.entries()) last[p] = BigInt(i)
  return last
}

/** `data` with `updates` written at flat places along its first axis: [size, …], [n], [n, …]. */
function written(c: Call, data: Tensor, at: Tensor, updates: Tensor): Tensor {
  const reduction = c.string('reduction', 'none')
  if (reduction === 'add') return op.scatterAdd(data, at, updates)
  if (reduction !== 'none') c.fail(`reduction "${reduction}" has no form here (none and add have)`)
  const size = data.shape[0]!
  const known = constantOf(at)
  if (known) {
    // Rows of both, picked by a map that is known: exact for every type.
    const last = lastWrites(Array.from(known.data as BigInt64Array, Number), size)
    const pick = last.map((w, i) => (w < 0n ? BigInt(i) : w + BigInt(size)))
    return op.gather(op.concat([data, updates], 0), constant({ dtype: 'i64', shape: [size], data: pick }))
  }
  if (data.dtype !== 'f32') c.fail(`writes ${data.dtype} at places that depend on data; only f32 can be`)
  // ONNX allows no index twice, so the sum at a place is what was written there.
  const hit = op.segmentSum(op.ones(at.shape), at, size)
  return op.where(op.less(0, op.reshape(hit, [size, ...data.shape.slice(1).map(() => 1)])), op.segmentSum(updates, at, size), data)
}

const scatterND: Import = c => {
  const [data, indices, updates] = [c.x(0), c.x(1), c.x(2)]
  const k = indices.shape.at(-1)!
  const rest = data.shape.slice(k)
  const at = op.reshape(places(c, indices, data.shape), [-1])
  const flat = op.reshape(data, [sizeOf(data.shape.slice(0, k)), ...rest])
  return op.reshape(written(c, flat, foldedIfKnown(indices, at), op.reshape(updates, [at.size, ...rest])), data.shape)
}

/** Each element of the indices names a place along the axis; the other coordinates are its own. */
const scatterElements: Import = c => {
  const [data, indices, updates] = [c.x(0), c.x(1), c.x(2)]
  const axis = c.axis(c.int('axis', 0), data.rank)
  const strides = stridesOf(data.shape)
  const along = fromFront(indices, data.shape[axis]!)
  const at = indices.shape
    .map((n, d) =>
      op.mul(
        d === axis
          ? along
          : op.reshape(
              op.iota(n),
              indices.shape.map((_, i) => (i === d ? n : 1)),
            ),
        strides[d]!,
      ),
    )
    .reduce((a, b) => op.add(a, b), op.zeros(indices.shape, 'i64'))
  const flat = foldedIfKnown(indices, op.reshape(at, [-1]))
  return op.reshape(written(c, op.reshape(data, [-1]), flat, op.reshape(updates, [-1])), data.shape)
}

const gatherElements: Import = c => {
  const x = c.x(0)
  const axis = c.axis(c.int('axis', 0), x.rank)
  const indices = fromFront(c.x(1), x.shape[axis]!)
  const part = op.slice(
    x,
    x.shape.map((_, i) => (i === axis ? null : [0, indices.shape[i]!])),
  )
  return op.takeAlongAxis(part, indices, axis)
}

const oneHot: Import = c => {
  const depth = Number(c.known(1, 'depth')?.data[0] ?? c.fail('has no depth'))
  const indices = fromFront(c.x(0).dtype === 'i64' ? c.x(0) : op.cast(c.x(0), 'i64'), depth)
  const values = c.x(2)
  const axis = c.axis(c.int('axis', -1), indices.rank + 1)
  const wide = op.reshape(
    op.iota(depth),
    Array.from({ length: indices.rank + 1 }, (_, i) => (i === axis ? depth : 1)),
  )
  return op.where(op.equal(op.expandDims(indices, axis), wide), op.at(values, 1), op.at(values, 0))
}

export const gather: Readonly<Record<string, Import>> = {
  Gather: c => {
    const axis = c.axis(c.int('axis', 0), c.x(0).rank)
    return op.gather(c.x(0), fromFront(c.x(1), c.x(0).shape[axis]!), axis)
  },
  GatherElements: gatherElements,
  GatherND: gatherND,
  ScatterND: scatterND,
  ScatterElements: scatterElements,
  OneHot: oneHot,
}
