/** Arrays of a whole clip ↔ `<name>.npz`, as np.load reads it. */
import { encodeNpz } from '@dioramic/codec'

/** An array of a clip; `bool` is a Uint8Array of 0 and 1. */
export interface ClipArray {
  readonly shape: readonly number[]
  readonly data: Uint8Array | Uint16Array | Uint32Array | Float32Array | Float64Array
  readonly dtype?: 'bool'
}

/** The file of a clip's arrays, in the order of the record; the same bytes everywhere. */
export const encodeArrays = (arrays: Readonly<Record<string, ClipArray>>): Uint8Array => encodeNpz(arrays)
