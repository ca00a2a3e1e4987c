/** Fully connected ReLU networks as matrices in double precision: x ↦ W_L ρ(… ρ(W_1 x + b_1) …) + b_L, no activation after the last layer. */
import { apply, type Matrix, matrix, TheoryError } from '../algebra/matrix.ts'

export interface AffineLayer {
  /** [outputs, inputs]. */
  readonly w: Matrix
  readonly b: Float64Array
}

export type ReluNet = readonly AffineLayer[]

/** A network from nested lists: per layer the rows of W, and b. */
export const reluNet = (...layers: readonly (readonly [w: readonly (readonly number[])[], b: readonly number[]])[]): ReluNet =>
  layers.map(([w, b]) => ({ w: matrix(w.length, w[0]!.length, Float64Array.from(w.flat())), b: Float64Array.from(b) }))

/** W·x + b. */
export function affine({ w, b }: AffineLayer, x: ArrayLike<number>): Float64Array {
  const y = apply(w, x)
  for (let i = 0; i < y.length; i++) y[i]! += b[i]!
  return y
}

const relu = (x: Float64Array): Float64Array => x.map(v => Math.max(v, 0))

/** The network's outputs at x. */
export function evaluate(net: ReluNet, x: ArrayLike<number>): Float64Array {
  let h = Float64Array.from(x)
  net.forEach((layer, i) => {
    if (layer.w.cols !== h.length) throw new TheoryError(`layer ${i} takes ${layer.w.cols} numbers, got ${h.length}`)
    h = affine(layer, i === 0 ? h : relu(h)) as Float64Array<ArrayBuffer>
  })
  return h
}

/** C(Φ): the number of weights and biases that are not 0 (Bölcskei, Grohs, Kutyniok & Petersen 2019). */
export const complexity = (net: ReluNet): number =>
  net.reduce((n, { w, b }) => n + [...w.data, ...b].reduce((k, v) => k + (v === 0 ? 0 : 1), 0), 0)

/** Π ‖W_l‖ over the layers by power iteration: an upper bound of the Lipschitz constant in the Euclidean norm. */
export const lipschitzBound = (net: ReluNet): number => net.reduce((k, { w }) => k * spectralNorm(w), 1)

/** The largest singular value, by power iteration on WᵀW from the all-ones vector bent so that it is no eigenvector by symmetry. */
export function spectralNorm(w: Matrix, steps = 200): number {
  let x = Float64Array.from({ length: w.cols }, (_, i) => 1 + 0.1 * Math.sin(1 + i))
  let value = 0
  for (let k = 0; k < steps; k++) {
    const y = apply(w, x)
    const back = new Float64Array(w.cols)
    for (let i = 0; i < w.rows; i++) for (let j = 0; j < w.cols; j++) back[j]! += y[i]! * w.data[i * w.cols + j]!
    const size = Math.sqrt(back.reduce((s, v) => s + v * v, 0))
    if (size === 0) return 0
    x = back.map(v => v / size)
    value = Math.sqrt(size)
  }
  return value
}
