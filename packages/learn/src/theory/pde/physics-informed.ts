/** Physics-informed networks: the residual of an equation at points is the loss (Raissi, Perdikaris & Karniadakis 2019). */
import {
  type Arena,
  add,
  type Batches,
  f32,
  fit,
  flatten,
  grad,
  type Key,
  mean,
  mul,
  type NDArray,
  nn,
  optim,
  type Runtime,
  reshape,
  sin,
  stack,
  sub,
  sum,
  type Tensor,
  type Tree,
  tanh,
  trainStep,
} from '@dioramic/tensor'
import { uniforms } from '../algebra/random.ts'

/** A function of d coordinates, each [n], with parameters. */
export type Field = (params: Tree<Tensor>, coordinates: readonly Tensor[]) => Tensor

/** Σ_i ∂²u/∂x_i² at each of n points. */
export function laplacian(u: (coordinates: readonly Tensor[]) => Tensor, at: readonly Tensor[]): Tensor {
  const second = at.map((x, i) => {
    const along = (t: Tensor) => sum(u(at.map((c, j) => (j === i ? t : c))))
    return grad((t: Tensor) => sum(grad(along)(t)))(x)
  })
  return second.reduce((a, b) => add(a, b))
}

/** A tanh network on [0, 1]^d times Π x_i(1 − x_i), so that it is 0 on the boundary. */
export function bump(dimensions: number, width: number, key: Key): { readonly params: Tree<NDArray>; readonly field: Field } {
  const layer = nn.sequence(
    nn.linear(dimensions, width, { init: nn.fanIn(2) }),
    nn.fn(tanh),
    nn.linear(width, width),
    nn.fn(tanh),
    nn.linear(width, 1),
  )
  const { params } = layer.init(key)
  return {
    params,
    field: (p, x) => {
      const net = reshape(layer.apply(p, {}, stack([...x], 1))[0], [x[0]!.shape[0]!])
      return x.reduce((u, c) => mul(u, mul(c, sub(1, c))), net)
    },
  }
}

/** Right-hand side of −Δu = f for u = Π sin πx_i: d·π²·Π sin πx_i. */
export const sineSource = (x: readonly Tensor[]): Tensor =>
  mul(
    x.map(c => sin(mul(c, Math.PI))).reduce((a, b) => mul(a, b)),
    x.length * Math.PI ** 2,
  )

export interface PoissonOptions {
  readonly dimensions: number
  readonly width: number
  readonly points: number
  readonly updates: number
  readonly rate: number
  readonly runtime: Runtime
  readonly arena: (bytes: number) => Promise<Arena>
  readonly key: Key
}

/** Solves −Δu = f on the unit cube with u = 0 on its boundary; new points at each update. Returns the field and its parameters. */
export async function solvePoisson(
  source: (x: readonly Tensor[]) => Tensor,
  o: PoissonOptions,
): Promise<{ readonly params: Tree<NDArray>; readonly field: Field }> {
  const { params, field } = bump(o.dimensions, o.width, o.key.fork('init'))
  const loss = (p: Tree<Tensor>, _s: Tree<Tensor>, b: Record<string, Tensor>) => {
    const x = Object.values(b)
    const off = add(
      laplacian(c => field(p, c), x),
      source(x),
    )
    return mean(mul(off, off))
  }
  const points: Batches<Record<string, NDArray>> = {
    perEpoch: 1,
    at: epoch =>
      Object.fromEntries(
        Array.from({ length: o.dimensions }, (_, i) => [`x${i}`, f32(uniforms(o.key.fork('points').fork(epoch).fork(i), o.points))]),
      ),
  }
  const rule = optim.chain(optim.adam({ lr: optim.cosine(o.rate, o.updates) }))
  const training = await trainStep(loss, rule, { runtime: o.runtime, arena: o.arena, params, key: o.key })
  await fit(training, { batches: points, updates: o.updates, logEvery: o.updates })
  const { list, rebuild } = flatten<NDArray>(training.params)
  const found = rebuild(list.map(a => ({ ...a, data: a.data.slice() as NDArray['data'] })))
  await training.dispose()
  return { params: found, field }
}
