/** Batch norm after averaging: running statistics are those of the soup's own activations, not the mean of the ingredients'. */
import {
  type Batches,
  compile,
  constant,
  f32,
  flatten,
  type Key,
  type NDArray,
  type nn,
  numbersOf,
  type Runtime,
  type Tensor,
  type Tree,
} from '@dioramic/tensor'
import { SoupError } from './error.ts'

/** Places of running statistics in a layer's state: pairs called `mean` and `variance`. */
function statisticsIn(paths: readonly string[]): number[] {
  const all = new Set(paths)
  const parent = (p: string) => p.slice(0, p.lastIndexOf('/') + 1)
  return paths.flatMap((p, i) =>
    /(^|\/)(mean|variance)$/.test(p) && all.has(`${parent(p)}mean`) && all.has(`${parent(p)}variance`) ? [i] : [],
  )
}

/**
 * The state of a layer with its running statistics measured anew: the mean over batches of each batch's own (Izmailov et al. 2018, "Averaging
 * weights", as `torch.optim.swa_utils.update_bn` does it). The rest of the state stays.
 *
 * A step from statistics s gives s + m·(own − s). From zeros that is m·own, and from ones it also says what m is; so neither the layer nor its momentum need be known.
 *
 * @param batches inputs of training data, `{ x }`; one epoch of them is run
 * @throws SoupError for a layer without running statistics
 */
export async function recalibrateBatchNorm(
  layer: nn.Layer,
  params: Tree<NDArray>,
  state: Tree<NDArray>,
  batches: Batches<{ readonly x: NDArray }>,
  { runtime, key }: { readonly runtime: Runtime; readonly key: Key },
): Promise<Tree<NDArray>> {
  const { list, paths, rebuild } = flatten<NDArray>(state)
  const places = statisticsIn(paths)
  if (places.length === 0) throw new SoupError('the layer has no running statistics (a mean and a variance in its state) to recalibrate')
  const words = constant({ dtype: 'i64', shape: [2], data: BigInt64Array.from(key.words, BigInt) })
  const run = compile<[Tree<NDArray>, Tree<NDArray>, NDArray], Tree<NDArray>>(
    (p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor) => layer.apply(p, s as never, x, { train: true, key: words })[1] as Tree<Tensor>,
    runtime,
  )
  const filled = (value: number) =>
    rebuild(list.map((a, i) => (places.includes(i) ? f32(new Float32Array(a.data.length).fill(value), a.shape) : a)))
  const statistics = async (start: Tree<NDArray>, x: NDArray) => {
    const after = flatten<NDArray>(await run(params, start, x)).list
    return places.map(i => numbersOf(after[i]!))
  }
  const sums = places.map(i => new Float64Array(list[i]!.data.length))
  const zeros = filled(0)
  for (let b = 0; b < batches.perEpoch; b++)
    for (const [j, own] of (await statistics(zeros, (await batches.at(0, b)).x)).entries())
      for (let c = 0; c < own.length; c++) sums[j]![c] = sums[j]![c]! + own[c]!
  const { x } = await batches.at(0, 0)
  const [fromZero, fromOne] = [await statistics(zeros, x), await statistics(filled(1), x)]
  return rebuild(
    list.map((a, i) => {
      const j = places.indexOf(i)
      if (j < 0) return a
      const momentum = 1 - (fromOne[j]![0]! - fromZero[j]![0]!)
      return f32(
        Float32Array.from(sums[j]!, v => v / (batches.perEpoch * momentum)),
        a.shape,
      )
    }),
  )
}
