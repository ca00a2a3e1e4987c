/** NumPy's .npy files (format versions 1 to 3), read. */
import { f32FromF16 } from '../checkpoint/half.ts'
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import { sizeOf } from '../graph/shape.ts'

type Read = (view: DataView, at: number) => number | bigint

function fromF16(bits: number): number {
  const out = new Float32Array(1)
  f32FromF16(Uint16Array.of(bits), out)
  return out[0]!
}

const TYPES: Readonly<Record<string, readonly [bytes: number, dtype: NDArray['dtype'], read: Read]>> = {
  '<f2': [2, 'f32', (v, at) => fromF16(v.getUint16(at, true))],
  '<f4': [4, 'f32', (v, at) => v.getFloat32(at, true)],
  '<f8': [8, 'f32', (v, at) => v.getFloat64(at, true)],
  '|b1': [1, 'bool', (v, at) => v.getUint8(at)],
  '|u1': [1, 'i64', (v, at) => BigInt(v.getUint8(at))],
  '|i1': [1, 'i64', (v, at) => BigInt(v.getInt8(at))],
  '<u2': [2, 'i64', (v, at) => BigInt(v.getUint16(at, true))],
  '<i2': [2, 'i64', (v, at) => BigInt(v.getInt16(at, true))],
  '<u4': [4, 'i64', (v, at) => BigInt(v.getUint32(at, true))],
  '<i4': [4, 'i64', (v, at) => BigInt(v.getInt32(at, true))],
  '<i8': [8, 'i64', (v, at) => v.getBigInt64(at, true)],
}

/** Reads a .npy file: floats come as f32, integers as i64, booleans as bool; C or Fortran order. */
export function readNpy(bytes: Uint8Array): NDArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 10 || String.fromCharCode(...bytes.subarray(0, 6)) !== '\x93NUMPY')
    throw new TensorError('this is no .npy file: it does not begin with \\x93NUMPY')
  const wide = bytes[6]! >= 2
  const start = wide ? 12 : 10
  const length = wide && bytes.length >= 12 ? view.getUint32(8, true) : view.getUint16(8, true)
  if (bytes.length < start + length) throw new TensorError('the .npy file ends inside of its header: copy it again')
  const header = new TextDecoder(bytes[6]! >= 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(start, start + length))
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1]
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1]
  const dims = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1]
  if (descr === undefined || fortran === undefined || dims === undefined)
    throw new TensorError(`the .npy header ${JSON.stringify(header.trim())} is not one that NumPy writes`)
  const type = TYPES[descr]
  if (!type) throw new TensorError(`the .npy file holds ${descr}; ${Object.keys(TYPES).join(', ')} can be read`)
  const shape = dims.split(',').flatMap(s => (s.trim() === '' ? [] : [Number(s)]))
  const n = sizeOf(shape)
  const [size, dtype, read] = type
  const from = start + length
  if (bytes.length < from + n * size)
    throw new TensorError(
      `the .npy file has ${bytes.length - from} bytes of data, [${shape.join(',')}] of ${descr} needs ${n * size}: copy it again`,
    )
  const data = dtype === 'f32' ? new Float32Array(n) : dtype === 'i64' ? new BigInt64Array(n) : new Uint8Array(n)
  const put = data as { [i: number]: number | bigint }
  const order = fortran === 'True' ? fortranIndex(shape) : (i: number) => i
  for (let i = 0; i < n; i++) put[i] = read(view, from + order(i) * size)
  return { dtype, shape, data }
}

/** Where the element of a row-major index lies in column-major order. */
function fortranIndex(shape: readonly number[]): (i: number) => number {
  const steps: number[] = []
  for (let d = 0, step = 1; d < shape.length; step *= shape[d]!, d++) steps.push(step)
  return i => {
    let at = 0
    for (let d = shape.length - 1, rest = i; d >= 0; d--) {
      at += (rest % shape[d]!) * steps[d]!
      rest = Math.floor(rest / shape[d]!)
    }
    return at
  }
}

/** The bytes of a gzip file. */
export async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'))
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer())
  } catch (cause) {
    throw new TensorError('this is no gzip file, or it is cut short: copy it again', { cause })
  }
}
