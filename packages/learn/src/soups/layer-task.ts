/** A task for checkpoints of this library's own training: `params/…` and `state/…` of a layer. */
import { type Batches, flatten, Key, type NDArray, type nn, type Runtime, type Tensor, type Tree } from '@dioramic/tensor'
import { recalibrateBatchNorm } from './batch-norm.ts'
import { SoupError } from './error.ts'
import type { Task } from './task.ts'

export interface LayerTaskOptions {
  /** Held-out samples [n, …] and labels, i64 [n]. */
  readonly x: NDArray
  readonly y: NDArray
  /** Training inputs on which running statistics are measured anew; needed by a layer with batch norm. */
  readonly recalibrate?: { readonly batches: Batches<{ readonly x: NDArray }>; readonly runtime: Runtime }
}

/** How a layer is run with the arrays of a checkpoint by name. */
export function layerTask(layer: nn.Layer, { x, y, recalibrate }: LayerTaskOptions): Task {
  const like = layer.init(Key.fromSeed(0))
  const [params, state] = [flatten<NDArray>(like.params), flatten<NDArray>(like.state)]
  const taken = <T>(weights: Readonly<Record<string, T>>, of: typeof params, part: string): Tree<T> =>
    of.rebuild(
      of.paths.map(p => {
        const name = p === '' ? part : `${part}/${p}`
        const found = weights[name]
        if (found === undefined) throw new SoupError(`the checkpoints hold no array "${name}", which the layer has`)
        return found
      }),
    )
  const parts = <T>(weights: Readonly<Record<string, T>>) => [taken(weights, params, 'params'), taken(weights, state, 'state')] as const
  return {
    x,
    y,
    logits: (weights, xs) => {
      const [p, s] = parts(weights as Readonly<Record<string, Tensor>>)
      return layer.apply(p, s as never, xs)[0]
    },
    ...(recalibrate
      ? {
          finish: async (weights: Readonly<Record<string, NDArray>>) => {
            const [p, s] = parts(weights)
            const measured = flatten<NDArray>(
              await recalibrateBatchNorm(layer, p, s, recalibrate.batches, { runtime: recalibrate.runtime, key: Key.fromSeed(0) }),
            )
            return { ...weights, ...Object.fromEntries(measured.paths.map((path, i) => [`state/${path}`, measured.list[i]!])) }
          },
        }
      : {}),
  }
}
