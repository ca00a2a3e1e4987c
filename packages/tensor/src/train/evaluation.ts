import { TensorError } from '../error.ts'
import { item, type NDArray } from '../graph/array.ts'
import type { Tensor } from '../graph/tensor.ts'
import type { Tree } from '../graph/tree.ts'
import type { Batches } from '../loaders/batches.ts'
import { compile } from '../plan/compile.ts'
import type { Runtime } from '../plan/runtime.ts'
import type { Metrics, Training } from './step.ts'

/** From parameters, state and a batch to scalars by name. One called `weight` says how much the batch counts (rows that are no padding); without it all count the same. */
export type Measure<B> = (params: Tree<Tensor>, state: Tree<Tensor>, batch: B) => Metrics

/**
 * What `fit`'s `evaluate.run` takes: the means of a measure over one pass of some batches, compiled once. `of` says which parameters: the training's own (default) or their moving average.
 */
export function evaluation<B>(
  measure: Measure<B>,
  batches: Batches<object>,
  runtime: Runtime,
  { of = 'params' }: { readonly of?: 'params' | 'ema' } = {},
): (training: Pick<Training, 'params' | 'ema' | 'state'>) => Promise<Record<string, number>> {
  const run = compile<readonly Tree<NDArray>[]>(
    (p: Tree<Tensor>, s: Tree<Tensor>, b: Tree<Tensor>) => measure(p, s, b as B) as unknown as Tree<Tensor>,
    runtime,
  )
  return async training => {
    const params = of === 'ema' ? training.ema : training.params
    if (!params) throw new TensorError('evaluation of the moving average: the rule keeps none; add optim.ema(decay) to the chain')
    const sums: Record<string, number> = {}
    let total = 0
    for (let i = 0; i < batches.perEpoch; i++) {
      const found = (await run(params, training.state, (await batches.at(0, i)) as Tree<NDArray>)) as Record<string, NDArray>
      const { weight, ...rest } = Object.fromEntries(Object.entries(found).map(([name, a]) => [name, item(a)]))
      const w = weight ?? 1
      total += w
      for (const [name, x] of Object.entries(rest)) sums[name] = (sums[name] ?? 0) + (w === 0 ? 0 : w * x)
    }
    return Object.fromEntries(Object.entries(sums).map(([name, s]) => [name, s / total]))
  }
}
