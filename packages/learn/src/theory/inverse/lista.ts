/** Learned ISTA: its steps as layers of a network, each with its own matrix and threshold (Gregor & LeCun 2010; the coupled form of Chen et al. 2018). */
import {
  type Arena,
  add,
  batches,
  f32,
  fit,
  flatten,
  type Key,
  matmul,
  mse,
  mul,
  type NDArray,
  neg,
  optim,
  type Runtime,
  relu,
  sub,
  type Tensor,
  type Tree,
  trainStep,
} from '@dioramic/tensor'
import { type Matrix, transposed } from '../algebra/matrix.ts'
import { spectralNorm } from '../expressivity/relu-net.ts'

/** W [m, n] and θ of a step. */
type Step<T> = { readonly w: T; readonly theta: T }

/** Parameters of `depth` steps that start as ISTA's own: W = K/L, θ = α/L. */
export function listaStart(k: Matrix, depth: number, alpha: number): readonly Step<NDArray>[] {
  const l = spectralNorm(k) ** 2
  return Array.from({ length: depth }, () => ({
    w: f32(
      Float32Array.from(k.data, v => v / l),
      [k.rows, k.cols],
    ),
    theta: f32([alpha / l]),
  }))
}

/** f_{t+1} = S_θ(f_t + (g − f_t·Kᵀ)·W_t) from f = 0, on a batch of data g [n, rows]; `transposedOperator` is Kᵀ. */
export function lista(parameters: Tree<Tensor>, transposedOperator: Tensor, g: Tensor): Tensor {
  let f: Tensor | undefined
  for (const { w, theta } of parameters as readonly Step<Tensor>[]) {
    const next = f ? add(f, matmul(sub(g, matmul(f, transposedOperator)), w)) : matmul(g, w)
    f = sub(relu(sub(next, theta)), relu(sub(neg(next), theta)))
  }
  return f!
}

/** Kᵀ as a constant of a graph's arguments. */
export const operatorArray = (k: Matrix): NDArray => f32(Float32Array.from(transposed(k).data), [k.cols, k.rows])

export interface FitOptions {
  readonly updates: number
  readonly batch: number
  readonly rate: number
  readonly runtime: Runtime
  readonly arena: (bytes: number) => Promise<Arena>
  readonly key: Key
}

/** Minimises the mean squared distance of `model(parameters, x)` to y over rows. Returns the parameters. */
export async function regress<P extends Tree<NDArray>>(
  model: (params: Tree<Tensor>, x: Tensor) => Tensor,
  start: P,
  data: { readonly x: NDArray; readonly y: NDArray },
  o: FitOptions,
): Promise<P> {
  const loss = (p: Tree<Tensor>, _s: Tree<Tensor>, b: { x: Tensor; y: Tensor }) => mul(mse(model(p, b.x), b.y), 0.5)
  const rule = optim.chain(optim.clipByGlobalNorm(1), optim.adam({ lr: optim.cosine(o.rate, o.updates) }))
  const training = await trainStep(loss, rule, { runtime: o.runtime, arena: o.arena, params: start, key: o.key })
  await fit(training, {
    batches: batches({ ...data }, { size: o.batch, key: o.key.fork('batches') }),
    updates: o.updates,
    logEvery: o.updates,
  })
  const { list, rebuild } = flatten<NDArray>(training.params)
  const params = rebuild(list.map(a => ({ ...a, data: a.data.slice() as NDArray['data'] })))
  await training.dispose()
  return params as P
}
