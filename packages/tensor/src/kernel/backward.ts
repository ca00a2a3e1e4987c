/** Derivatives in one pass for which onnxruntime has no fused kernel. Every array must be a view of the arena. */
import { TensorError } from '../error.ts'
import type { Arena } from './arena.ts'
import { pair } from './passes.ts'

/** dx = dy · (Φ(x) + x·φ(x)): the exact GELU's derivative. dx may be dy or x. */
export function geluBackward(arena: Arena, dx: Float32Array, dy: Float32Array, x: Float32Array): void {
  const [a, b] = pair(arena, dx, dy, 'dx', 'dy')
  const [, c] = pair(arena, dx, x, 'dx', 'x')
  arena.split('geluBackward', dx.length, 64, 0.8, (from, to) => [a + from * 4, b + from * 4, c + from * 4, to - from])
}

/** dx = y · (dy − Σ y·dy) over rows of d elements, y the softmax. dx may be dy. */
export function softmaxBackward(arena: Arena, dx: Float32Array, dy: Float32Array, y: Float32Array, d: number): void {
  const [a, b] = pair(arena, dx, dy, 'dx', 'dy')
  const [, c] = pair(arena, dx, y, 'dx', 'y')
  const rows = rowsOf(dx.length, d, 'softmax')
  arena.split('softmaxBackward', rows, 1, 0.18 * d, (from, to) => [a, b, c, d, from, to])
}

export interface LayerNormSaved {
  /** The input, [rows, d]. */
  readonly x: Float32Array
  /** Mean of each row. */
  readonly mean: Float32Array
  /** 1 / √(variance + ε) of each row. */
  readonly inverse: Float32Array
  /** Factor of each column; ones if absent. */
  readonly gamma?: Float32Array
}

/** Writes dx and adds to dGamma and dBeta (length d, rows in order), each if given. dx may be dy. */
export function layerNormBackward(
  arena: Arena,
  dx: Float32Array,
  dy: Float32Array,
  saved: LayerNormSaved,
  dGamma?: Float32Array,
  dBeta?: Float32Array,
): void {
  const { x, mean, inverse, gamma } = saved
  const [a, b] = pair(arena, dx, dy, 'dx', 'dy')
  const [, c] = pair(arena, dx, x, 'dx', 'x')
  const [m, r] = pair(arena, mean, inverse, 'mean', 'inverse')
  const rows = mean.length
  const d = rows === 0 ? 0 : dx.length / rows
  if (!Number.isInteger(d)) throw new TensorError(`layerNormBackward: ${dx.length} elements are not ${rows} equal rows`)
  const column = (view: Float32Array | undefined, name: string) => {
    if (!view) return 0
    if (view.length !== d) throw new TensorError(`layerNormBackward: ${name} has ${view.length} elements, rows have ${d}`)
    return arena.address(view, name)
  }
  if (rows === 0) return
  const columns = [column(gamma, 'gamma'), column(dGamma, 'dGamma'), column(dBeta, 'dBeta')] as const
  arena.call.layerNormBackward(a, b, c, m, r, ...columns, d, 0, rows)
}

/**
 * out[index[i]] += rows[i] for i ascending: `out` is [v, d], `rows` [n, d], `index` n indices from 0 to v − 1. Summed in f32 in that
 * order, so duplicates give the same bits at every thread count.
 */
export function scatterAddRows(arena: Arena, out: Float32Array, rows: Float32Array, index: BigInt64Array, d: number): void {
  const v = rowsOf(out.length, d, 'scatterAddRows')
  if (rowsOf(rows.length, d, 'scatterAddRows') !== index.length) {
    throw new TensorError(`scatterAddRows: ${rows.length} elements in rows of ${d} are not ${index.length} rows`)
  }
  checkIndices(index, v)
  const [a, b, c] = [arena.address(out, 'out'), arena.address(rows, 'rows'), arena.address(index, 'index')]
  arena.split('scatterAddRows', d, 16, 0.1 * index.length, (from, to) => [a, b, c, index.length, d, from, to])
}

/** Rows sorted by destination, stably; see `sortRows`. */
export interface SortedRows {
  /** n row numbers, destination by destination. */
  readonly order: Int32Array
  /** v + 1 places in `order`. */
  readonly starts: Int32Array
}

/** Sorts n indices from 0 to v − 1 by counting, into arrays of the arena (made anew unless given). */
export function sortRows(arena: Arena, index: BigInt64Array, v: number, into?: SortedRows): SortedRows {
  const sorted = into ?? { order: arena.i32(index.length, 'order'), starts: arena.i32(v + 1, 'starts') }
  const { order, starts } = sorted
  if (order.length !== index.length || starts.length !== v + 1) {
    throw new TensorError(
      `sortRows: order and starts must have ${index.length} and ${v + 1} elements, not ${order.length} and ${starts.length}`,
    )
  }
  checkIndices(index, v)
  const low = lowWords(index)
  starts.fill(0)
  for (let i = 0; i < index.length; i++) starts[low[2 * i]! + 1]!++
  for (let k = 0; k < v; k++) starts[k + 1]! += starts[k]!
  for (let i = 0; i < index.length; i++) order[starts[low[2 * i]!]!++] = i
  // Each start has moved to its successor's: shift back.
  for (let k = v; k > 0; k--) starts[k] = starts[k - 1]!
  starts[0] = 0
  return sorted
}

/** out[k] += the sum of the rows that go to k, summed in f64 and rounded once. */
export function addSortedRows(arena: Arena, out: Float32Array, rows: Float32Array, sorted: SortedRows, d: number): void {
  const v = rowsOf(out.length, d, 'addSortedRows')
  if (rowsOf(rows.length, d, 'addSortedRows') !== sorted.order.length || sorted.starts.length !== v + 1) {
    throw new TensorError(
      `addSortedRows: sorted for ${sorted.order.length} rows into ${sorted.starts.length - 1}, given ${rows.length / d} into ${v}`,
    )
  }
  const [a, b] = [arena.address(out, 'out'), arena.address(rows, 'rows')]
  const [c, e] = [arena.address(sorted.order, 'order'), arena.address(sorted.starts, 'starts')]
  arena.split('addSegments', v, 1, (0.15 * rows.length) / v, (from, to) => [a, b, c, e, d, from, to])
}

function rowsOf(length: number, d: number, where: string): number {
  if (!Number.isSafeInteger(d) || d < 1 || length % d !== 0) throw new TensorError(`${where}: ${length} elements are not rows of ${d}`)
  return length / d
}

/** The low halves of i64 at even places, their high halves at odd ones (typed arrays are little-endian wherever this runs). */
const lowWords = (index: BigInt64Array) => new Int32Array(index.buffer, index.byteOffset, index.length * 2)

function checkIndices(index: BigInt64Array, v: number): void {
  const words = lowWords(index)
  for (let i = 0; i < index.length; i++) {
    if (words[2 * i + 1] !== 0 || words[2 * i]! < 0 || words[2 * i]! >= v) {
      throw new TensorError(`index ${index[i]} at place ${i} is out of range: there are ${v} rows, 0 to ${v - 1}`)
    }
  }
}
