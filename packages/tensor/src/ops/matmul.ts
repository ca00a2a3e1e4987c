/** Matrix products. */
import { ShapeError } from '../error.ts'
import { broadcastShapes } from '../graph/shape.ts'
import { apply, type Op, type Tensor } from '../graph/tensor.ts'
import { sumTo } from './reduce.ts'
import { expandDims, squeeze } from './shape.ts'

interface MatMul {
  /** The last two axes of a (of b) change places first. */
  readonly transA: boolean
  readonly transB: boolean
}

export const matmulOp: Op<MatMul> = {
  name: 'matmul',
  infer: ([a, b], { transA, transB }) => {
    if (a!.dtype !== 'f32' || b!.dtype !== 'f32') throw new ShapeError('takes f32')
    if (a!.shape.length < 2 || b!.shape.length < 2) throw new ShapeError('takes matrices, or batches of them')
    const [m, k] = ends(a!.shape, transA)
    const [k2, n] = ends(b!.shape, transB)
    if (k !== k2) throw new ShapeError(`the inner sizes ${k} and ${k2} differ`)
    return [{ dtype: 'f32', shape: [...broadcastShapes(a!.shape.slice(0, -2), b!.shape.slice(0, -2)), m, n] }]
  },
  vjp: ({ inputs, attrs: { transA, transB }, cotangents, needs }) => {
    const [a, b] = inputs as [Tensor, Tensor]
    const g = cotangents[0]!
    const da = () => (transA ? product(b, g, transB, true) : product(g, b, false, !transB))
    const db = () => (transB ? product(g, a, true, transA) : product(a, g, !transA, false))
    return [needs[0] ? sumTo(da(), a.shape) : undefined, needs[1] ? sumTo(db(), b.shape) : undefined]
  },
}

const ends = (shape: readonly number[], transposed: boolean): [number, number] => {
  const [r, c] = shape.slice(-2) as [number, number]
  return transposed ? [c, r] : [r, c]
}

const product = (a: Tensor, b: Tensor, transA: boolean, transB: boolean): Tensor => apply(matmulOp, [a, b], { transA, transB })[0]!

/**
 * Matrix product of the last two axes, [..., m, k] × [..., k, n] → [..., m, n]; leading axes broadcast. A vector is a row on the left and a column on the right, and its
 * axis is gone from the result. `transA`, `transB` take that operand with its last two axes exchanged, at no cost.
 */
export function matmul(a: Tensor, b: Tensor, { transA = false, transB = false }: Partial<MatMul> = {}): Tensor {
  if (a.rank === 1) return squeeze(matmul(expandDims(a, 0), b, { transB }), b.rank === 1 ? 0 : -2)
  if (b.rank === 1) return squeeze(matmul(a, expandDims(b, 1), { transA }), -1)
  return product(a, b, transA, transB)
}
