/** Adafactor (Shazeer & Stern, "Adafactor: adaptive learning rates with sublinear memory cost", ICML 2018), a slice at a time. */
import { TensorError } from '../error.ts'
import type { Arena } from './arena.ts'
import { pair, sumOfSquares, type Update } from './passes.ts'

export interface AdafactorUpdate extends Omit<Update, 'l2'> {
  /** Decay of the second moment, β̂₂ₜ = 1 − t^(−0.8) in the paper: 0 at the first step. */
  readonly beta2: number
  /** ε₁, added to squares. Default 1e-30. */
  readonly epsilon?: number
  /** d: an update of a greater root mean square is scaled down to it. Default 1. */
  readonly clip?: number
  /** ε₂: when given, the rate is lr · max(ε₂, RMS(p)), the paper's relative step (it uses 1e-3). */
  readonly relative?: number
}

/** The factored second moment of [rows, columns], zeros at first, and scratch that slices no larger may share. */
export interface FactoredMoment {
  readonly rows: number
  readonly columns: number
  readonly row: Float32Array
  readonly column: Float32Array
  readonly scratch: FactoredScratch
}
export interface FactoredScratch {
  readonly sums: Float64Array
  readonly row: Float32Array
  readonly column: Float32Array
}

/** Scratch for slices of up to so many rows and columns. */
export function factoredScratch(arena: Arena, rows: number, columns: number): FactoredScratch {
  return { sums: arena.f64(columns, 'sums'), row: arena.f32(rows, 'row scales'), column: arena.f32(columns, 'column scales') }
}

/** One step on p of shape [rows, columns]. Returns the root mean square of the update before clipping. */
export function adafactor(arena: Arena, p: Float32Array, g: Float32Array, moment: FactoredMoment, update: AdafactorUpdate): number {
  const { rows, columns, row, column, scratch } = moment
  const [a, b] = pair(arena, p, g, 'p', 'g')
  const n = rows * columns
  if (p.length !== n || row.length !== rows || column.length !== columns) {
    throw new TensorError(
      `adafactor: p has ${p.length} elements, its moments are for ${rows} × ${columns} (${row.length} and ${column.length} long)`,
    )
  }
  if (scratch.sums.length < columns || scratch.column.length < columns || scratch.row.length < rows) {
    throw new TensorError(`adafactor: the scratch is too small for ${rows} × ${columns}`)
  }
  if (n === 0) return 0
  const [r, c] = [arena.address(row, 'row'), arena.address(column, 'column')]
  const sums = arena.address(scratch.sums, 'scratch')
  const [rowScale, columnScale] = [arena.address(scratch.row, 'scratch'), arena.address(scratch.column, 'scratch')]
  const { gradientScale = 1, weightDecay = 0, epsilon = 1e-30, clip = 1 } = update
  const lr = rate(arena, p, update)
  arena.call.factoredMoments(b, rows, columns, r, c, sums, gradientScale, update.beta2, epsilon)
  arena.call.factoredScales(r, rows, c, columns, rowScale, columnScale)
  const rms = Math.sqrt(arena.call.factoredSumOfSquares(b, rows, columns, rowScale, columnScale, gradientScale) / n)
  arena.call.factoredUpdate(a, b, rows, columns, rowScale, columnScale, gradientScale, lr * weightDecay, lr / Math.max(1, rms / clip))
  return rms
}

/** One step on a vector p with its whole second moment v (zeros at first). Returns the root mean square of the update before clipping. */
export function adafactorVector(arena: Arena, p: Float32Array, g: Float32Array, v: Float32Array, update: AdafactorUpdate): number {
  const [a, b] = pair(arena, p, g, 'p', 'g')
  const [, c] = pair(arena, p, v, 'p', 'v')
  if (p.length === 0) return 0
  const { gradientScale: k = 1, weightDecay = 0, epsilon = 1e-30, clip = 1, beta2 } = update
  const lr = rate(arena, p, update)
  arena.split('unfactoredMoments', p.length, 64, 0.15, (from, to) => [b + from * 4, c + from * 4, to - from, k, beta2, 1 - beta2, epsilon])
  const rms = Math.sqrt(arena.call.unfactoredSumOfSquares(b, c, p.length, k) / p.length)
  const rest = [k, lr * weightDecay, lr / Math.max(1, rms / clip)]
  arena.split('unfactoredUpdate', p.length, 64, 0.3, (from, to) => [a + from * 4, b + from * 4, c + from * 4, to - from, ...rest])
  return rms
}

const rate = (arena: Arena, p: Float32Array, { lr, relative }: AdafactorUpdate): number =>
  relative === undefined ? lr : lr * Math.max(relative, Math.sqrt(sumOfSquares(arena, p) / p.length))
