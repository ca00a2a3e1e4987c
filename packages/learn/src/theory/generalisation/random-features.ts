/** Ridgeless regression on random ReLU features of classes: double descent of a real task (Belkin et al. 2019). */
import type { Key } from '@dioramic/tensor'
import { apply, applyTransposed, cholesky, gram, type Matrix, matrix, solveCholesky } from '../algebra/matrix.ts'
import { normals } from '../algebra/random.ts'
import type { LabelledRows } from '../data/digits.ts'
import { errorRate } from './calibration.ts'

/** ρ(Wx)/√p for rows x, W drawn once. */
function features(rows: LabelledRows, w: Matrix): Matrix {
  const out = matrix(rows.x.length, w.rows)
  rows.x.forEach((x, i) => {
    out.data.set(
      apply(w, x).map(v => Math.max(0, v) / Math.sqrt(w.rows)),
      i * w.rows,
    )
  })
  return out
}

export interface FeatureErrors {
  /** Share of wrong test samples. */
  readonly error: number
  /** Mean squared distance of the outputs to the one-hot labels. */
  readonly squared: number
}

/** Fits one-hot labels on `p` features by the solution of least norm (jitter 1e-10 of the trace for rounding), and tests it. */
export function randomFeatureErrors(train: LabelledRows, test: LabelledRows, p: number, key: Key): FeatureErrors {
  const w = matrix(p, train.x[0]!.length, normals(key, p * train.x[0]!.length))
  const [a, b] = [features(train, w), features(test, w)]
  const wide = a.cols > a.rows
  const g = gram(a, !wide)
  const trace = Array.from({ length: g.rows }, (_, i) => g.data[i * (g.rows + 1)]!).reduce((s, v) => s + v, 0)
  for (let i = 0; i < g.rows; i++) g.data[i * (g.rows + 1)]! += 1e-10 * trace
  const factor = cholesky(g)
  const outputs = test.x.map(() => new Float64Array(train.classes))
  for (let c = 0; c < train.classes; c++) {
    const target = Float64Array.from(train.y, y => (y === c ? 1 : 0))
    const beta = wide ? applyTransposed(a, solveCholesky(factor, target)) : solveCholesky(factor, applyTransposed(a, target))
    apply(b, beta).forEach((v, i) => {
      outputs[i]![c] = v
    })
  }
  const squared = outputs.reduce((s, o, i) => s + o.reduce((t, v, c) => t + (v - (c === test.y[i] ? 1 : 0)) ** 2, 0), 0) / outputs.length
  return { error: errorRate(outputs, test.y), squared }
}
