/** The spectrum of a symmetric operator of which only products are known: Lanczos with full reorthogonalisation (Golub & Van Loan, chapter 10). */
import { dot, matrix, norm, TheoryError } from '../algebra/matrix.ts'
import { symmetricEigen } from '../algebra/symmetric.ts'

/** v ↦ A·v. */
export type Operator = (v: Float64Array) => Promise<Float64Array> | Float64Array

export interface Spectrum {
  /** Ritz values, ascending: the extreme ones are the operator's first. */
  readonly values: Float64Array
  /** Weight of each in the density of the start vector: its first component, squared. */
  readonly weights: Float64Array
  /** ‖A·x − θ·x‖ of each Ritz pair. */
  readonly residuals: Float64Array
}

/** `steps` steps from `start`; fewer if the Krylov space is invariant before. `onStep` is told of each. */
export async function lanczos(operator: Operator, start: Float64Array, steps: number, onStep?: (step: number) => void): Promise<Spectrum> {
  const size = norm(start)
  if (!(size > 0)) throw new TheoryError('lanczos: the start vector is 0')
  const basis: Float64Array[] = [start.map(v => v / size)]
  const [alpha, beta]: [number[], number[]] = [[], []]
  for (let k = 0; k < steps; k++) {
    const q = basis[k]!
    const w = Float64Array.from(await operator(q))
    if (w.some(v => !Number.isFinite(v))) throw new TheoryError(`lanczos: product ${k} is not finite`)
    alpha.push(dot(q, w))
    // Twice is enough (Kahan, Parlett).
    for (let pass = 0; pass < 2; pass++)
      for (const b of basis) {
        const c = dot(b, w)
        for (let i = 0; i < w.length; i++) w[i]! -= c * b[i]!
      }
    const next = norm(w)
    beta.push(next)
    onStep?.(k + 1)
    const scale = Math.max(...alpha.map(Math.abs), ...beta)
    if (next <= 1e-10 * scale || basis.length === start.length) break
    basis.push(w.map(v => v / next))
  }
  const n = alpha.length
  const t = matrix(n, n)
  alpha.forEach((a, i) => {
    t.data[i * n + i] = a
    if (i + 1 < n) t.data[i * n + i + 1] = t.data[(i + 1) * n + i] = beta[i]!
  })
  const { values, vectors } = symmetricEigen(t)
  return {
    values,
    weights: Float64Array.from(values, (_, k) => vectors.data[k]! ** 2),
    residuals: Float64Array.from(values, (_, k) => Math.abs(beta[n - 1]! * vectors.data[(n - 1) * n + k]!)),
  }
}

/** A density of the spectrum at the points of a grid: each Ritz value as a Gaussian of deviation `width` with its weight (Ghorbani et al. 2019). */
export const density = ({ values, weights }: Spectrum, grid: readonly number[], width: number): number[] =>
  grid.map(x =>
    values.reduce((s, v, i) => s + (weights[i]! * Math.exp(-0.5 * ((x - v) / width) ** 2)) / (width * Math.sqrt(2 * Math.PI)), 0),
  )
