/** Soups of checkpoints, streamed: summed in double precision in a fixed order and rounded once, with half a megabyte of each in memory. */
import type { SafetensorsStream } from '@dioramic/tensor'
import { SoupError } from '../error.ts'
import { type Mix, weightsOf } from '../mix.ts'
import type { AlignedArray } from './align.ts'
import type { Checkpoint } from './checkpoint.ts'
import { firstNaN, PieceReader, piecesOf } from './pieces.ts'
import { isFloat, roundOnce } from './round.ts'

/**
 * The arrays of a soup, to be written with `streamSafetensors`. Integers and booleans (`num_batches_tracked`, position ids) are copied from the first member.
 *
 * @param progress told the bytes done of this array's
 * @throws SoupError while they are written, where a sum is NaN
 */
export function mergeStreams(
  checkpoints: readonly Checkpoint[],
  arrays: readonly AlignedArray[],
  mix: Mix,
  progress: (elements: number) => void = () => {},
): SafetensorsStream[] {
  const reader = new PieceReader(checkpoints)
  return arrays.map(a => ({ name: a.name, dtype: a.dtype, shape: a.shape, pieces: () => merged(reader, a, mix, progress) }))
}

async function* merged(reader: PieceReader, a: AlignedArray, mix: Mix, progress: (elements: number) => void): AsyncIterable<Uint8Array> {
  const { members, divisor } = mix
  const weights = weightsOf(mix, a.name)
  for (const [from, count] of piecesOf(a)) {
    if (isFloat(a.dtype)) {
      const sum = reader.sum(count)
      for (const [j, member] of members.entries())
        addScaled(sum, reader.values(a, member, await reader.stored(a, member, from, count)), weights[j]!)
      divide(sum, divisor)
      const bad = firstNaN(sum)
      if (bad >= 0) throw new SoupError(`the sum of "${a.name}" is NaN at element ${from + bad}: infinities of both signs meet there`)
      yield roundOnce(sum, a.dtype, reader.rounding)
    } else yield await reader.stored(a, members[0]!, from, count)
    progress(count)
  }
}

/** sum += w·x. */
export function addScaled(sum: Float64Array, x: ArrayLike<number>, w: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + w * x[i]!
}

/** sum /= d. */
export function divide(sum: Float64Array, d: number): void {
  if (d !== 1) for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! / d
}
