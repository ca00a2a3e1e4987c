/** Gradient descent, plainly: on a quadratic in closed form, and on a whole data set with the sharpness watched (the edge of stability). */
import { compile, item, type Key, type NDArray, type Runtime, type Tensor, type Tree, valueAndGrad } from '@dioramic/tensor'
import { normals } from '../algebra/random.ts'
import { fromVector, parameterCount, toVector } from '../models/vector.ts'
import { type BatchLoss, hessianProducts } from './hessian.ts'
import { lanczos } from './lanczos.ts'

/** |x_t| of gradient descent on ½λx² from 1: |1 − ηλ|^t. It converges if and only if η < 2/λ. */
export function quadraticDescent(rate: number, curvature: number, steps: number): number {
  let x = 1
  for (let t = 0; t < steps; t++) x -= rate * curvature * x
  return Math.abs(x)
}

export interface DescentPoint {
  readonly step: number
  readonly loss: number
  /** The Hessian's largest eigenvalue, where it was measured. */
  readonly sharpness?: number
}

export interface DescentOptions {
  readonly rate: number
  readonly steps: number
  /** Measure the sharpness after so many steps. */
  readonly every: number
  readonly runtime: Runtime
  readonly key: Key
  readonly onStep?: (step: number) => void
}

/**
 * Full-batch gradient descent. Of a network trained with a constant rate the sharpness rises until 2/η and stays about there while the loss goes on falling, though
 * not monotonically (Cohen et al. 2021).
 */
export async function watchedDescent(
  loss: BatchLoss,
  start: Tree<NDArray>,
  batch: Tree<NDArray>,
  options: DescentOptions,
): Promise<DescentPoint[]> {
  const { rate, steps, every, runtime, key, onStep } = options
  const step = compile<[Tree<NDArray>, Tree<NDArray>], { value: NDArray; gradient: Tree<NDArray> }>((p: Tree<Tensor>, b: unknown) => {
    const [value, gradient] = valueAndGrad((q: Tree<Tensor>) => loss(q, b))(p)
    return { value, gradient }
  }, runtime)
  const products = hessianProducts(loss, runtime)
  let vector = toVector(start)
  const out: DescentPoint[] = []
  for (let t = 0; t < steps; t++) {
    const params = fromVector(vector, start)
    const { value, gradient } = await step(params, batch)
    const measured =
      t % every === 0
        ? { sharpness: (await lanczos(v => products(params, batch, v), normals(key.fork(t), parameterCount(start)), 12)).values.at(-1)! }
        : {}
    out.push({ step: t, loss: item(value), ...measured })
    const g = toVector(gradient)
    vector = vector.map((v, i) => v - rate * g[i]!)
    onStep?.(t + 1)
  }
  return out
}
