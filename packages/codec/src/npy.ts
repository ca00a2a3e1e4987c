import { CodecError, guarded } from './error.ts'
import { concat, LITTLE_ENDIAN_HOST, littleEndianBytes, Reader, swapBytes } from './reader.ts'

/** u unsigned, i signed, f float, and bytes an element. `i8` is a BigInt64Array, `bool` a Uint8Array of 0 and 1. */
export type NpyDtype = 'u1' | 'u2' | 'u4' | 'i1' | 'i2' | 'i4' | 'i8' | 'f4' | 'f8' | 'bool'

export type NpyData =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array

export interface NpyArray {
  readonly dtype: NpyDtype
  /** Empty for a scalar. */
  readonly shape: readonly number[]
  /** In C order: the last axis is contiguous. */
  readonly data: NpyData
}

/** An array to write: without a dtype the data's own type is taken. */
export type NpyInput = Omit<NpyArray, 'dtype'> & { readonly dtype?: NpyDtype }

const TYPES = {
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  f4: Float32Array,
  f8: Float64Array,
  bool: Uint8Array,
} as const

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

/**
 * NumPy's .npy, version 1.0 (numpy.lib.format), little-endian, C order, data aligned to 64 bytes.
 * Throws CodecError where shape, dtype and data do not fit together.
 */
export function encodeNpy({ dtype, shape, data }: NpyInput): Uint8Array {
  const kind = dtype ?? dtypeOf(data)
  const expected = TYPES[kind]
  if (!expected || !(data instanceof expected))
    throw new CodecError(
      'npy.argument',
      `dtype ${kind} does not fit ${data?.constructor?.name}`,
      undefined,
      `Give ${expected?.name ?? Object.keys(TYPES).join(', ')}`,
    )
  const count = shape.reduce((n, s) => n * s, 1)
  if (shape.some(s => !Number.isInteger(s) || s < 0) || count !== data.length)
    throw new CodecError('npy.argument', `shape (${shape}) needs ${count} elements, there are ${data.length}`, undefined, 'Check the shape')
  const descr = kind === 'bool' ? '|b1' : data.BYTES_PER_ELEMENT === 1 ? `|${kind}` : `<${kind}`
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`
  const length = Math.ceil((10 + text.length + 1) / 64) * 64
  const head = new Uint8Array(length).fill(0x20)
  head.set(MAGIC)
  head.set([1, 0, (length - 10) & 255, (length - 10) >> 8], 6)
  for (let i = 0; i < text.length; i++) head[10 + i] = text.charCodeAt(i)
  head[length - 1] = 0x0a
  return concat([head, littleEndianBytes(data)])
}

function dtypeOf(data: NpyData): NpyDtype {
  for (const [kind, type] of Object.entries(TYPES)) if (data instanceof type) return kind as NpyDtype
  throw new CodecError('npy.argument', `${(data as object)?.constructor?.name} has no NumPy dtype here`, undefined, 'Give a typed array')
}

/** Reads .npy versions 1 to 3, either byte order and either axis order; returns C order. Throws CodecError. */
export function decodeNpy(bytes: Uint8Array): NpyArray {
  return guarded('npy', () => decode(bytes))
}

function decode(bytes: Uint8Array): NpyArray {
  const reader = new Reader(bytes, 'npy')
  const magic = reader.slice(6, 'the signature')
  if (MAGIC.some((b, i) => magic[i] !== b)) throw new CodecError('npy.signature', 'not an .npy file (wrong signature)', 'byte 0')
  const major = reader.u8('the version')
  reader.u8('the version')
  if (major < 1 || major > 3) throw new CodecError('npy.unsupported', `.npy version ${major} is unknown`, 'byte 6', 'Save it with np.save')
  const text = new TextDecoder().decode(
    reader.slice(major === 1 ? reader.u16('the header length') : reader.u32('the header length'), 'the header'),
  )
  const { kind, big, fortran, shape } = parseHeader(text)
  const type = TYPES[kind]
  const count = shape.reduce((n, s) => n * s, 1)
  if (!Number.isSafeInteger(count)) throw new CodecError('npy.corrupt', `the shape (${shape}) is too large`, 'header')
  const size = type.BYTES_PER_ELEMENT
  const body = reader.slice(count * size, `the data of shape (${shape})`).slice()
  if (reader.left > 0) throw new CodecError('npy.corrupt', `${reader.left} bytes follow the data`, `byte ${reader.offset}`)
  if (size > 1 && big === LITTLE_ENDIAN_HOST) swapBytes(body, size)
  const data = new type(body.buffer as ArrayBuffer)
  return { dtype: kind, shape, data: fortran && shape.length > 1 ? fromFortran(data, shape) : data }
}

function parseHeader(text: string): { kind: NpyDtype; big: boolean; fortran: boolean; shape: number[] } {
  const descr = /'descr'\s*:\s*'([<>|=]?)([a-z]\d+)'/.exec(text)
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)
  const shape = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(text)
  if (!descr || !order || !shape)
    throw new CodecError(
      'npy.unsupported',
      `the header is not of a plain array: ${text.slice(0, 100).trim()}`,
      'header',
      'Save numbers, not objects or records',
    )
  const kind = (descr[2] === 'b1' ? 'bool' : descr[2]) as NpyDtype
  if (!Object.hasOwn(TYPES, kind))
    throw new CodecError(
      'npy.unsupported',
      `dtype ${descr[1]}${descr[2]} is not read here`,
      'header',
      `Convert to one of ${Object.keys(TYPES).join(', ')}`,
    )
  const sizes = shape[1]!.split(',').flatMap(s => (s.trim() === '' ? [] : [Number.parseInt(s, 10)]))
  return { kind, big: descr[1] === '>', fortran: order[1] === 'True', shape: sizes }
}

/** Transposes first-axis-contiguous data to last-axis-contiguous. */
function fromFortran(data: NpyData, shape: readonly number[]): NpyData {
  const out = data.slice()
  const index = shape.map(() => 0)
  const strides: number[] = []
  let stride = 1
  for (const n of shape) {
    strides.push(stride)
    stride *= n
  }
  for (let i = 0; i < out.length; i++) {
    let from = 0
    for (let a = 0; a < shape.length; a++) from += index[a]! * strides[a]!
    out[i] = data[from]!
    for (let a = shape.length - 1; a >= 0 && ++index[a]! === shape[a]; a--) index[a] = 0
  }
  return out
}
