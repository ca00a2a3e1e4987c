import type { Shape } from '../graph/dtype.ts'
import { adafactorVector, type FactoredScratch, factoredScratch, adafactor as kernelAdafactor } from '../kernel/adafactor.ts'
import type { Arena } from '../kernel/arena.ts'
import type { Method } from './method.ts'
import { type Schedule, scheduleOf } from './schedule.ts'

export interface AdafactorOptions {
  readonly lr: number | Schedule
  /** The second moment's decay at update t is 1 − t^−exponent. Default 0.8. */
  readonly exponent?: number
  /** Updates of a greater root mean square are scaled down to it. Default 1. */
  readonly clip?: number
  /** Added to squared gradients. Default 1e-30. */
  readonly epsilon?: number
  /** When given, rates are relative: lr · max(relative, root mean square of the parameter); the paper uses 1e-3. */
  readonly relative?: number
  readonly weightDecay?: number
}

/** How a parameter is cut: `copies` matrices of [rows, columns], or vectors where rows is 0. */
function cut(shape: Shape, stack: number): { readonly copies: number; readonly rows: number; readonly columns: number } {
  const size = shape.reduce((a, b) => a * b, 1)
  let lead = 0
  for (let n = 1; n < stack; lead++) n *= shape[lead]!
  const own = shape.slice(lead)
  const columns = own.at(-1) ?? 1
  if (own.length < 2 || columns < 2 || own.at(-2)! < 2) return { copies: stack, rows: 0, columns: size / stack }
  return { copies: size / (columns * own.at(-2)!), rows: own.at(-2)!, columns }
}

/**
 * Adafactor (Shazeer & Stern, ICML 2018), without momentum: the second moment of a matrix is kept as its row and column means; of a tensor of higher rank, for each matrix of its last two
 * axes. Vectors, and the layers of a `repeat`, are taken one by one.
 */
export function adafactor({ lr, exponent = 0.8, clip = 1, epsilon = 1e-30, relative, weightDecay = 0 }: AdafactorOptions): Method {
  const scratches = new WeakMap<Arena, FactoredScratch>()
  const beta2Of = (step: number) => 1 - step ** -exponent
  return {
    name: 'adafactor',
    lr: scheduleOf(lr),
    weightDecay,
    elementwise: false,
    memory: (shape, stack) => {
      const { copies, rows, columns } = cut(shape, stack)
      return rows === 0 ? { v: copies * columns } : { row: copies * rows, column: copies * columns }
    },
    pass: (arena, { value, gradient, memory, shape, stack }, at) => {
      const { copies, rows, columns } = cut(shape, stack)
      const update = { ...at, beta2: beta2Of(at.step), clip, epsilon, ...(relative === undefined ? {} : { relative }) }
      const n = Math.max(1, rows) * columns
      const part = (a: Float32Array, size: number, k: number) => a.subarray(k * size, (k + 1) * size)
      for (let k = 0; k < copies; k++) {
        const [p, g] = [part(value, n, k), part(gradient, n, k)]
        if (rows === 0) {
          adafactorVector(arena, p, g, part(memory['v']!, columns, k), update)
          continue
        }
        let scratch = scratches.get(arena)
        if (!scratch || scratch.row.length < rows || scratch.column.length < columns) {
          scratch = factoredScratch(arena, Math.max(rows, scratch?.row.length ?? 0), Math.max(columns, scratch?.column.length ?? 0))
          scratches.set(arena, scratch)
        }
        kernelAdafactor(
          arena,
          p,
          g,
          { rows, columns, row: part(memory['row']!, rows, k), column: part(memory['column']!, columns, k), scratch },
          update,
        )
      }
    },
    reference: ({ value, gradient, memory, shape, stack }, at) => {
      const { copies, rows, columns } = cut(shape, stack)
      const n = Math.max(1, rows) * columns
      const part = (a: Float64Array, size: number, k: number) => a.subarray(k * size, (k + 1) * size)
      for (let k = 0; k < copies; k++) {
        const p = part(value, n, k)
        const g = part(gradient, n, k).map(x => x * at.gradientScale)
        const moments =
          rows === 0
            ? { v: part(memory['v']!, columns, k) }
            : { row: part(memory['row']!, rows, k), column: part(memory['column']!, columns, k) }
        const u = update(g, moments, columns, beta2Of(at.step), epsilon)
        const scale = Math.max(1, rms(u) / clip)
        const rate = relative === undefined ? at.lr : at.lr * Math.max(relative, rms(p))
        for (let i = 0; i < n; i++) p[i] = p[i]! - rate * at.weightDecay * p[i]! - (rate * u[i]!) / scale
      }
    },
  }
}

const rms = (x: Float64Array): number => Math.sqrt(x.reduce((s, v) => s + v * v, 0) / x.length)

type Moments = { readonly v: Float64Array } | { readonly row: Float64Array; readonly column: Float64Array }

function update(g: Float64Array, moments: Moments, columns: number, beta2: number, epsilon: number): Float64Array {
  const square = g.map(x => x * x + epsilon)
  if ('v' in moments) {
    const { v } = moments
    for (let i = 0; i < v.length; i++) v[i] = beta2 * v[i]! + (1 - beta2) * square[i]!
    return g.map((x, i) => x / Math.sqrt(v[i]!))
  }
  const { row, column } = moments
  const rows = row.length
  const sums = { row: new Float64Array(rows), column: new Float64Array(columns) }
  square.forEach((s, i) => {
    sums.row[Math.floor(i / columns)]! += s / columns
    sums.column[i % columns]! += s / rows
  })
  for (let i = 0; i < rows; i++) row[i] = beta2 * row[i]! + (1 - beta2) * sums.row[i]!
  for (let j = 0; j < columns; j++) column[j] = beta2 * column[j]! + (1 - beta2) * sums.column[j]!
  const mean = row.reduce((a, b) => a + b, 0) / rows
  return g.map((x, i) => x / Math.sqrt((row[Math.floor(i / columns)]! * column[i % columns]!) / mean))
}
