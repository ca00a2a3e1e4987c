/** The loop around a GAN: the tensor engine's, which keeps only states that are worth going back to. */
import { type FitOptions, type FitResult, fit } from '@dioramic/tensor'
import { DivergedError } from '../error.ts'
import type { Gan } from './gan.ts'

/**
 * Trains with batches, logs, evaluation, early stop and exact resume, as `fit` does. While something looks wrong nothing is saved, so that after a divergence the checkpoint
 * holds the last good state.
 * @throws DivergedError that says what went wrong and what was kept
 */
export async function fitGan(gan: Gan, options: FitOptions<Gan>): Promise<FitResult> {
  const { checkpoint, ...rest } = options
  let kept: number | undefined
  const guarded = checkpoint && {
    every: checkpoint.every,
    to: {
      load: async (expected: Parameters<typeof checkpoint.to.load>[0]) => {
        const saved = await checkpoint.to.load(expected)
        kept = saved?.record.training.updates
        return saved
      },
      save: async (run: Parameters<typeof checkpoint.to.save>[0]) => {
        if (!gan.healthy) return
        await checkpoint.to.save(run)
        kept = run.record.training.updates
      },
    },
  }
  try {
    return await fit(gan, { ...rest, ...(guarded ? { checkpoint: guarded } : {}) })
  } catch (e) {
    if (!(e instanceof DivergedError)) throw e
    const where = kept === undefined ? 'No state was kept' : `The last good state, of update ${kept}, is kept in the checkpoint`
    throw new DivergedError(e.kind, e.updates, `${e.message}. ${where}.`, { cause: e })
  }
}
