/** The learning-rate range test (Smith, "Cyclical learning rates for training neural networks", 2017). */
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import { mapTree, type Tree } from '../graph/tree.ts'
import type { Batches } from '../loaders/batches.ts'
import { NonFiniteError } from './replay.ts'
import type { Training } from './step.ts'

export interface FinderOptions {
  /** Default 1e-6. */
  readonly from?: number
  /** Default 1. */
  readonly to?: number
  /** Updates. Default 100. */
  readonly updates?: number
  /** Weight of the past in the smoothed loss. Default 0.9. */
  readonly smooth?: number
}

export interface FinderResult {
  readonly rates: readonly number[]
  /** Smoothed. */
  readonly losses: readonly number[]
  /** The rate at which the loss falls fastest, by the logarithm of the rate. */
  readonly steepest: number
  /** A tenth of the rate with the lowest loss. */
  readonly suggestion: number
}

/** Raises the rate from update to update until the loss is four times its lowest, then puts everything back as it was. */
export async function findLearningRate(training: Training, batches: Batches<object>, options: FinderOptions = {}): Promise<FinderResult> {
  const { from = 1e-6, to = 1, updates = 100, smooth = 0.9 } = options
  if (!(from > 0 && to > from) || updates < 3)
    throw new TensorError(`findLearningRate: needs 0 < from < to and 3 updates or more, got ${from}, ${to}, ${updates}`)
  const record = training.record()
  const arrays = mapTree<unknown, NDArray, NDArray>(training.arrays(), a => ({ ...a, data: a.data.slice() })) as Tree<NDArray>
  const rates: number[] = []
  const losses: number[] = []
  let [mean, weight, index] = [0, 0, 0]
  try {
    for (let i = 0; i < updates; i++) {
      const lr = from * (to / from) ** (i / (updates - 1))
      let sum = 0
      for (let k = 0; k < training.accumulate; k++, index++) {
        const { loss, skipped } = await training.step(
          (await batches.at(Math.floor(index / batches.perEpoch), index % batches.perEpoch)) as Tree<NDArray>,
          {
            lr,
          },
        )
        sum += skipped ? Number.NaN : loss
      }
      mean = smooth * mean + (1 - smooth) * (sum / training.accumulate)
      weight = smooth * weight + (1 - smooth)
      const smoothed = mean / weight
      if (!Number.isFinite(smoothed) || smoothed > 4 * Math.min(...losses)) break
      rates.push(lr)
      losses.push(smoothed)
    }
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error
  } finally {
    training.restore(arrays, record)
  }
  if (rates.length < 3) throw new TensorError(`findLearningRate: the loss is not finite from a rate of ${from} on; begin lower`)
  const slopes = rates.slice(1).map((_, i) => losses[i + 1]! - losses[i]!)
  const steepest = rates[slopes.indexOf(Math.min(...slopes)) + 1]!
  return { rates, losses, steepest, suggestion: rates[losses.indexOf(Math.min(...losses))]! / 10 }
}
