import { CodecError } from '../error.ts'

/** Runs: a count n ≥ 0 repeats the next byte n + 1 times, n < 0 copies the next −n bytes. */
export function unrunBytes(packed: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size)
  let to = 0
  for (let at = 0; at < packed.length; ) {
    const count = (packed[at++]! << 24) >> 24
    const length = count < 0 ? -count : count + 1
    if (to + length > size || at + (count < 0 ? length : 1) > packed.length)
      throw new CodecError(
        'exr.corrupt',
        `a run of ${length} bytes does not fit the block of ${size}`,
        `byte ${at} of the block`,
        'The file is corrupt',
      )
    if (count < 0) {
      out.set(packed.subarray(at, at + length), to)
      at += length
    } else out.fill(packed[at++]!, to, to + length)
    to += length
  }
  if (to !== size) throw new CodecError('exr.corrupt', `the runs hold ${to} bytes, not ${size}`, undefined, 'The file is corrupt')
  return out
}
