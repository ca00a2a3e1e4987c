/** Operators that the host computes between sessions, on the arrays themselves. */
import type { HostCall } from '../control/host-call.ts'
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import { typeName } from '../graph/dtype.ts'
import { sameShape, sizeOf } from '../graph/shape.ts'
import type { Node } from '../graph/tensor.ts'
import type { Arena } from '../kernel/index.ts'
import type { Data } from './engine.ts'
import { random } from './random.ts'

/** Prepares a node for given arrays; the result runs it. */
export type HostOp = (node: Node, inputs: readonly Data[], outputs: readonly Data[], arena: Arena | undefined) => () => void

const call: HostOp = (node, inputs, outputs) => {
  const { name, types, call } = node.attrs as HostCall
  const given = inputs.map((data, i): NDArray => ({ ...node.inputs[i]!.type, data }))
  return () => {
    const results = call(...given)
    types.forEach((type, i) => {
      const r = results[i]
      if (!r || r.dtype !== type.dtype || !sameShape(r.shape, type.shape))
        throw new TensorError(
          `hostCall "${name}" must return ${typeName(type)} as value ${i}, not ${r ? `${r.dtype}[${r.shape.join(',')}]` : 'nothing'}`,
        )
      ;(outputs[i] as Float32Array).set(r.data as Float32Array)
    })
  }
}

let spare = new Float64Array(0)
/** Doubles for one call: calls do not overlap, and a loop binds one a step. */
const room = (length: number): Float64Array => {
  if (spare.length < length) spare = new Float64Array(length)
  return spare.subarray(0, length)
}

/**
 * Rows added at their indices, in order, in double precision: what the interpreter does. One pass over the rows and one over the table.
 */
const scatterAdd: HostOp = (node, [indices, rows], [out]) => {
  const { axis, size } = node.attrs as { axis: number; size: number }
  const index = indices as BigInt64Array
  const from = rows as Float32Array
  const to = out as Float32Array
  const { shape } = node.inputs[1]!
  const n = index.length
  const before = shape.slice(0, axis).reduce((a, b) => a * b, 1)
  const inner = n === 0 || before === 0 ? 0 : from.length / n / before
  return () => {
    const sums = room(size * inner)
    for (let b = 0; b < before; b++) {
      sums.fill(0)
      for (let i = 0; i < n; i++) {
        const k = Number(index[i])
        if (!(k >= 0 && k < size)) throw new TensorError(`scatterAdd: index ${k} is not between 0 and ${size - 1}`)
        const at = (b * n + i) * inner
        const row = k * inner
        for (let j = 0; j < inner; j++) sums[row + j]! += from[at + j]!
      }
      to.set(sums, b * size * inner)
    }
  }
}

/** Values added at their indices along an axis, in order, in double precision. */
const scatterAlongAxis: HostOp = (node, [indices, values], [out]) => {
  const { axis, size } = node.attrs as { axis: number; size: number }
  const index = indices as BigInt64Array
  const from = values as Float32Array
  const to = out as Float32Array
  const { shape } = node.inputs[1]!
  const n = shape[axis]!
  const inner = sizeOf(shape.slice(axis + 1))
  const before = sizeOf(shape.slice(0, axis))
  return () => {
    const sums = room(size * inner)
    for (let b = 0; b < before; b++) {
      sums.fill(0)
      for (let i = b * n * inner, end = i + n * inner, j = 0; i < end; i++) {
        const k = Number(index[i])
        if (!(k >= 0 && k < size)) throw new TensorError(`scatterAlongAxis: index ${k} is not between 0 and ${size - 1}`)
        sums[k * inner + j]! += from[i]!
        if (++j === inner) j = 0
      }
      to.set(sums, b * size * inner)
    }
  }
}

export const HOST: Readonly<Record<string, HostOp>> = { hostCall: call, scatterAdd, scatterAlongAxis, ...random }

/** Draws of at least this many values are worth a second thread. */
const LARGE_DRAW = 1 << 18

/** Whether a node wants the kernel, and whether it is much that it draws. */
export function draws(node: Node): 'no' | 'little' | 'much' {
  if (!(node.op.name in random)) return 'no'
  return node.outputs[0]!.size >= LARGE_DRAW ? 'much' : 'little'
}

/** One-hot products up to this many multiplications stay in the session; beyond, the host adds the rows. */
const MOST_PRODUCTS = 1 << 20

/** One-hot rows taken in turn up to this many. */
const MOST_IN_TURN = 8

/** Whether the host computes a node rather than a session. */
export function onHost(node: Node): boolean {
  if (!(node.op.name in HOST)) return false
  if (node.op.name === 'scatterAlongAxis') {
    const { axis, few } = node.attrs as { axis: number; few: boolean }
    return !few && node.inputs[1]!.shape[axis]! > MOST_IN_TURN
  }
  if (node.op.name !== 'scatterAdd') return true
  return node.inputs[1]!.size * (node.attrs as { size: number }).size > MOST_PRODUCTS
}
