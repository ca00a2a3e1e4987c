/** TIFF of one float32 channel: what depth maps are kept in. Baseline TIFF 6.0 with its float sample format, strips, without compression or deflated. */
import { inflate } from './deflate.ts'
import { CodecError, guarded } from './error.ts'
import { littleEndianBytes, Reader } from './reader.ts'

export interface FloatPicture {
  readonly width: number
  readonly height: number
  /** Row-major, row 0 at the top. */
  readonly data: Float32Array
}

const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  offsets: 273,
  samples: 277,
  rows: 278,
  counts: 279,
  predictor: 317,
  format: 339,
} as const
const FLOAT = 3
/** Bytes of the field types that are read: BYTE, SHORT, LONG. */
const SIZES: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4 }

/** Little-endian, one strip, no compression; the same bytes everywhere. Throws CodecError when the data do not fill the picture. */
export function encodeTiff({ width, height, data }: FloatPicture): Uint8Array {
  if (!(width > 0 && height > 0) || data.length !== width * height)
    throw new CodecError(
      'tiff.argument',
      `${width}×${height} needs ${width * height} values, there are ${data.length}`,
      undefined,
      'Check the shape',
    )
  const fields: readonly (readonly [tag: number, type: 3 | 4, value: number])[] = [
    [TAG.width, 4, width],
    [TAG.height, 4, height],
    [TAG.bits, 3, 32],
    [TAG.compression, 3, 1],
    [TAG.photometric, 3, 1],
    [TAG.offsets, 4, 0],
    [TAG.samples, 3, 1],
    [TAG.rows, 4, height],
    [TAG.counts, 4, 4 * data.length],
    [TAG.format, 3, FLOAT],
  ]
  const start = 8 + 2 + 12 * fields.length + 4 + 2
  const out = new Uint8Array(start + 4 * data.length)
  const view = new DataView(out.buffer)
  out.set([0x49, 0x49, 42, 0])
  view.setUint32(4, 8, true)
  view.setUint16(8, fields.length, true)
  fields.forEach(([tag, type, value], i) => {
    const at = 10 + 12 * i
    view.setUint16(at, tag, true)
    view.setUint16(at + 2, type, true)
    view.setUint32(at + 4, 1, true)
    const what = tag === TAG.offsets ? start : value
    if (type === 3) view.setUint16(at + 8, what, true)
    else view.setUint32(at + 8, what, true)
  })
  out.set(littleEndianBytes(data), start)
  return out
}

/** Reads the first picture of a file, of either byte order. Throws CodecError on what is no float32 of one channel, and on other compressions than deflate. */
export function decodeTiff(bytes: Uint8Array): FloatPicture {
  return guarded('tiff', () => decode(bytes))
}

function decode(bytes: Uint8Array): FloatPicture {
  const reader = new Reader(bytes, 'tiff')
  const order = reader.u16('the byte order')
  const little = order === 0x4949
  if ((!little && order !== 0x4d4d) || reader.u16('the magic number', little) !== 42)
    throw new CodecError('tiff.signature', 'not a TIFF (wrong signature)', 'byte 0', 'Check the file type')
  const fields = directory(reader, little)
  const one = (tag: number, otherwise: number) => fields.get(tag)?.[0] ?? otherwise
  const [width, height] = [one(TAG.width, 0), one(TAG.height, 0)]
  const unsupported = (what: string) =>
    new CodecError('tiff.unsupported', what, undefined, 'Write it as one channel of 32-bit floats, without compression')
  if (one(TAG.samples, 1) !== 1 || one(TAG.bits, 1) !== 32 || one(TAG.format, 1) !== FLOAT)
    throw unsupported(`${one(TAG.samples, 1)} channels of ${one(TAG.bits, 1)} bits (sample format ${one(TAG.format, 1)})`)
  if (one(TAG.predictor, 1) !== 1) throw unsupported(`predictor ${one(TAG.predictor, 1)}`)
  const compression = one(TAG.compression, 1)
  if (![1, 8, 32946].includes(compression)) throw unsupported(`compression ${compression}`)
  const [offsets, counts] = [fields.get(TAG.offsets) ?? [], fields.get(TAG.counts) ?? []]
  const rows = Math.min(one(TAG.rows, height), height)
  if (!(width > 0 && height > 0 && rows > 0) || offsets.length !== Math.ceil(height / rows) || counts.length !== offsets.length)
    throw new CodecError('tiff.corrupt', `${width}×${height} in ${offsets.length} strips of ${rows} rows`, undefined, 'The file is corrupt')
  if (width * height > bytes.length * 1032)
    throw new CodecError('tiff.corrupt', `${bytes.length} bytes cannot hold ${width}×${height}`, undefined, 'The file is corrupt')
  const data = new Float32Array(width * height)
  offsets.forEach((offset, i) => {
    const size = 4 * width * Math.min(rows, height - i * rows)
    reader.offset = offset
    const stored = reader.slice(counts[i]!, `strip ${i}`)
    const strip = compression === 1 ? stored : inflate(stored, size, 'tiff')
    const values = new Reader(strip, 'tiff')
    for (let k = 0; k < size / 4; k++) data[i * rows * width + k] = values.f32(`strip ${i}`, little)
  })
  return { width, height, data }
}

/** Whole-number fields of the first directory. */
function directory(reader: Reader, little: boolean): Map<number, number[]> {
  reader.offset = 4
  reader.offset = reader.u32('the offset of the directory', little)
  const out = new Map<number, number[]>()
  const n = reader.u16('the directory', little)
  for (let i = 0; i < n; i++) {
    const [tag, type, count] = [reader.u16('a tag', little), reader.u16('a type', little), reader.u32('a count', little)]
    const after = reader.offset + 4
    const size = SIZES[type]
    if (size && (Object.values(TAG) as number[]).includes(tag)) {
      if (size * count > 4) reader.offset = reader.u32('an offset', little)
      if (size * count > reader.left) reader.take(size * count, `field ${tag}`)
      const read = () => (type === 1 ? reader.u8('a value') : type === 3 ? reader.u16('a value', little) : reader.u32('a value', little))
      out.set(tag, Array.from({ length: count }, read))
    }
    reader.offset = after
  }
  return out
}
