/** One network at many learning rates, from the same first values and on the same batches. */
import { crossEntropy, type Key, type NDArray, type Tensor, type Tree, trainStep } from '@dioramic/tensor'
import { arena, runtime } from '../theory/engine.ts'
import { adamOf, type Factors, type Family, network, type Parametrised } from './networks.ts'
import { type Batch, batchesOf } from './tasks.ts'

/** Loss of a run that came to nothing: more than a guess costs. */
const LOST = 10

export type SweepSettings = {
  readonly steps: number
  readonly batch: number
  readonly low: number
  readonly high: number
  /** Octaves from one rate to the next. */
  readonly apart: number
  /** Does the rate fall to 0 along a line? */
  readonly decay: boolean
  readonly factors?: Factors
}

/** Base-2 logarithms of the rates of a sweep. */
export const logRatesOf = ({ low, high, apart }: Pick<SweepSettings, 'low' | 'high' | 'apart'>): number[] =>
  Array.from({ length: Math.floor((high - low) / apart) + 1 }, (_, i) => low + i * apart)

/**
 * The mean training loss over the last fifth of the steps at each rate 2^low … 2^high (at most 10: what diverged). Networks of one seed have the same batches, and those of one width the same
 * first draws.
 */
export async function sweep(
  family: Family,
  width: number,
  kind: Parametrised,
  { steps, batch: size, decay, factors, ...rates }: SweepSettings,
  key: Key,
): Promise<number[]> {
  const model = network(family, width, kind, factors)
  const make = batchesOf(family, size, key.fork('data'))
  const batches: Batch[] = []
  for (let i = 0; i < steps; i++) batches.push(await make(i))
  const loss = (p: Tree<Tensor>, s: Tree<Tensor>, b: { x: Tensor; y: Tensor }, k: Tensor) => {
    const [output, next] = model.apply(p, s, b.x, { key: k, train: true })
    return [crossEntropy(output, b.y), next] as const
  }
  const training = await trainStep(loss, adamOf(1)(model), {
    runtime,
    arena,
    ...model.init(key.fork('init')),
    key: key.fork('train'),
    onNonFinite: 'skip',
  })
  const copy = (t: Tree<NDArray>): Tree<NDArray> => structuredClone(t) as Tree<NDArray>
  const [first, record] = [copy(training.arrays()), training.record()]
  const losses: number[] = []
  try {
    for (const e of logRatesOf(rates)) {
      training.restore(first, record)
      const seen: number[] = []
      for (const [i, batch] of batches.entries()) {
        const step = await training.step({ ...batch }, { lr: 2 ** e * (decay ? 1 - i / steps : 1) })
        if (!step.updated || step.loss > 2 * LOST) break
        seen.push(step.loss)
      }
      const tail = seen.slice(-Math.ceil(batches.length / 5))
      losses.push(seen.length < batches.length ? LOST : Math.min(LOST, tail.reduce((a, b) => a + b, 0) / tail.length))
    }
  } finally {
    await training.dispose()
  }
  return losses
}
