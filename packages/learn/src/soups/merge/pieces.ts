/** Arrays of checkpoints in pieces of half a megabyte. */
import { decodePiece, storedBytes } from '@dioramic/tensor'
import type { AlignedArray } from './align.ts'
import type { Checkpoint } from './checkpoint.ts'
import { roundingSpace } from './round.ts'

/** Elements of a piece. */
const PIECE = 1 << 16

/** Beginnings and lengths of the pieces of an array. */
export function* piecesOf({ size }: { readonly size: number }): Iterable<readonly [from: number, count: number]> {
  for (let from = 0; from < size; from += PIECE) yield [from, Math.min(PIECE, size - from)]
}

/** Reads pieces into buffers that are used again, so that memory does not grow with checkpoints. */
export class PieceReader {
  private readonly bytes = new Uint8Array(8 * PIECE)
  private readonly single = new Float32Array(PIECE)
  private readonly double = new Float64Array(PIECE)
  private readonly total = new Float64Array(PIECE)
  private readonly kept = new Float64Array(PIECE)
  /** For rounded sums; good until the next. */
  readonly rounding = roundingSpace(PIECE)
  private readonly checkpoints: readonly Checkpoint[]

  constructor(checkpoints: readonly Checkpoint[]) {
    this.checkpoints = checkpoints
  }

  /** Stored bytes; good until the next call. */
  async stored(array: AlignedArray, member: number, from: number, count: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = this.bytes.subarray(0, count * storedBytes(array.dtype))
    await this.checkpoints[member]!.read(array.sources[member]!, from, bytes)
    return bytes
  }

  /** The values of stored bytes of a float array; good until the next call. */
  values(array: AlignedArray, member: number, bytes: Uint8Array<ArrayBuffer>): Float32Array | Float64Array {
    const count = bytes.length / storedBytes(array.dtype)
    const into = (array.dtype === 'f64' ? this.double : this.single).subarray(0, count)
    decodePiece(bytes, array.dtype, into, 0, `${this.checkpoints[member]!.name}, array "${array.sources[member]}"`)
    return into
  }

  /** Zeros to sum into; good until the next call. */
  sum(count: number): Float64Array {
    return this.total.subarray(0, count).fill(0)
  }

  /** A copy that is good until the next call. */
  copy(values: ArrayLike<number>): Float64Array {
    this.kept.set(values)
    return this.kept.subarray(0, values.length)
  }
}

/** Where the first NaN is; −1 where there is none. */
export function firstNaN(values: ArrayLike<number>): number {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]!)) return i
  return -1
}
