import { CodecError, guarded } from './error.ts'
import { concat, Reader } from './reader.ts'

/** Linear RGB radiance, three floats a pixel, row 0 at the top. */
export interface HdrPicture {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}

/** 2^(e − 136), the value of the last mantissa bit (Ward, "Real Pixels", Graphics Gems II, 1991), exactly. */
const SCALES = new Float64Array(256)
SCALES[136] = 1
for (let e = 135; e >= 0; e--) SCALES[e] = SCALES[e + 1]! / 2
for (let e = 137; e < 256; e++) SCALES[e] = SCALES[e - 1]! * 2

/**
 * Reads a Radiance picture (.hdr, .pic; RGBE): flat, old runs and new runs, rows in any order. Values are mantissa · 2^(e − 136), as most
 * readers take them. EXPOSURE lines are divided out. Throws CodecError.
 */
export function decodeHdr(bytes: Uint8Array): HdrPicture {
  return guarded('hdr', () => decode(bytes))
}

function decode(bytes: Uint8Array): HdrPicture {
  const reader = new Reader(bytes, 'hdr')
  const line = () => {
    let text = ''
    for (let c = reader.u8('the header'); c !== 10; c = reader.u8('the header')) {
      if (text.length > 4096) throw corrupt('a header line has no end', reader)
      text += String.fromCharCode(c)
    }
    return text.replace(/\r$/, '')
  }
  if (!/^#\?(RADIANCE|RGBE)/.test(line()))
    throw new CodecError('hdr.signature', 'not a Radiance picture (it does not begin with #?RADIANCE)', 'byte 0', 'Check the file type')
  let exposure = 1
  for (let text = line(); text !== ''; text = line()) {
    const format = /^FORMAT=(.*)$/.exec(text)
    if (format && format[1]!.trim() !== '32-bit_rle_rgbe')
      throw new CodecError('hdr.unsupported', `the format ${format[1]} is not read`, 'header', 'Export it as 32-bit_rle_rgbe')
    const exposed = /^EXPOSURE=\s*(\S+)/.exec(text)
    if (exposed) exposure *= Number(exposed[1])
  }
  if (!(exposure > 0 && exposure < Number.POSITIVE_INFINITY)) throw corrupt('EXPOSURE is not a positive number', reader)
  const axes = /^([+-])([XY]) (\d+) ([+-])([XY]) (\d+)\s*$/.exec(line())
  if (!axes || axes[2] === axes[5]) throw corrupt('the resolution line is not like "-Y 512 +X 1024"', reader)
  const [rows, columns] = [Number(axes[3]), Number(axes[6])]
  if (rows < 1 || columns < 1 || rows * columns > reader.left * 64)
    throw corrupt(`${rows} rows of ${columns} pixels cannot be in ${reader.left} bytes`, reader)
  const upright = axes[2] === 'Y'
  const [width, height] = upright ? [columns, rows] : [rows, columns]
  const data = new Float32Array(width * height * 3)
  const row = new Uint8Array(columns * 4)
  for (let r = 0; r < rows; r++) {
    readRow(reader, row, columns)
    for (let c = 0; c < columns; c++) {
      const [a, b] = [axes[1] === '-' ? r : rows - 1 - r, axes[4] === '+' ? c : columns - 1 - c]
      const to = upright ? (a * width + b) * 3 : ((columns - 1 - b) * width + (rows - 1 - a)) * 3
      const scale = row[4 * c + 3] === 0 ? 0 : SCALES[row[4 * c + 3]!]! / exposure
      for (let k = 0; k < 3; k++) data[to + k] = row[4 * c + k]! * scale
    }
  }
  return { width, height, data }
}

const corrupt = (what: string, reader: Reader) =>
  new CodecError('hdr.corrupt', what, `byte ${reader.offset}`, 'The file is corrupt: fetch or export it again')

function readRow(reader: Reader, row: Uint8Array, columns: number): void {
  const first = reader.slice(4, 'a row')
  const runs = columns >= 8 && columns < 32768 && first[0] === 2 && first[1] === 2 && first[2]! < 128
  if (!runs) {
    reader.offset -= 4
    readFlat(reader, row, columns)
    return
  }
  if (((first[2]! << 8) | first[3]!) !== columns) throw corrupt(`a row has ${(first[2]! << 8) | first[3]!} pixels, not ${columns}`, reader)
  for (let k = 0; k < 4; k++)
    for (let x = 0; x < columns; ) {
      const count = reader.u8('a run')
      const length = count > 128 ? count - 128 : count
      if (length === 0 || x + length > columns) throw corrupt(`a run of ${length} does not fit its row`, reader)
      const value = count > 128 ? reader.u8('a run') : -1
      for (const end = x + length; x < end; x++) row[4 * x + k] = value < 0 ? reader.u8('a run') : value
    }
}

/** Pixels one by one; 1, 1, 1, n repeats the last one, n more digits of the count following each other. */
function readFlat(reader: Reader, row: Uint8Array, columns: number): void {
  let shift = 0
  for (let x = 0; x < columns; ) {
    const pixel = reader.slice(4, 'a pixel')
    if (pixel[0] !== 1 || pixel[1] !== 1 || pixel[2] !== 1) {
      row.set(pixel, 4 * x++)
      shift = 0
      continue
    }
    const length = pixel[3]! * (1 << shift)
    if (x === 0 || shift > 16 || x + length > columns) throw corrupt(`a run of ${length} does not fit its row`, reader)
    for (const end = x + length; x < end; x++) row.copyWithin(4 * x, 4 * x - 4, 4 * x)
    shift += 8
  }
}

/** A Radiance picture in new runs, `-Y height +X width`; negative and NaN become 0. Throws CodecError where the shape does not fit. */
export function encodeHdr({ width, height, data }: HdrPicture): Uint8Array {
  if (!(width > 0 && height > 0) || data.length !== width * height * 3)
    throw new CodecError(
      'hdr.argument',
      `${width}×${height}×3 needs ${width * height * 3} values, there are ${data.length}`,
      undefined,
      'Check the shape',
    )
  const head = `#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y ${height} +X ${width}\n`
  const parts = [Uint8Array.from([...head].map(c => c.charCodeAt(0)))]
  const runs = width >= 8 && width < 32768
  for (let y = 0; y < height; y++) {
    const row = new Uint8Array(width * 4)
    for (let x = 0; x < width; x++) toRgbe(data, (y * width + x) * 3, row, x * 4)
    if (!runs) {
      parts.push(row)
      continue
    }
    const out = [2, 2, width >> 8, width & 255]
    for (let k = 0; k < 4; k++) pushRuns(row, k, width, out)
    parts.push(Uint8Array.from(out))
  }
  return concat(parts)
}

/** Rounded to the nearest mantissa of the greatest component's exponent. */
function toRgbe(data: Float32Array, from: number, row: Uint8Array, to: number): void {
  const c = [0, 1, 2].map(k => (data[from + k]! > 0 ? Math.min(data[from + k]!, 1.69e38) : 0)) as [number, number, number]
  const greatest = Math.max(...c)
  if (greatest < SCALES[1]! * 128) return
  let e = 1
  // 255.5 and more would round to 256.
  let high = 255
  while (e < high) {
    const middle = (e + high) >> 1
    if (greatest < SCALES[middle]! * 255.5) high = middle
    else e = middle + 1
  }
  for (let k = 0; k < 3; k++) row[to + k] = Math.min(255, Math.round(c[k]! / SCALES[e]!))
  row[to + 3] = e
}

function pushRuns(row: Uint8Array, k: number, width: number, out: number[]): void {
  const at = (x: number) => row[4 * x + k]!
  const runAt = (x: number) => {
    let n = 1
    while (n < 127 && x + n < width && at(x + n) === at(x)) n++
    return n
  }
  for (let x = 0; x < width; ) {
    const run = runAt(x)
    if (run >= 4) {
      out.push(128 + run, at(x))
      x += run
      continue
    }
    const start = x
    while (x < width && x - start < 128 && runAt(x) < 4) x++
    out.push(x - start)
    for (let i = start; i < x; i++) out.push(at(i))
  }
}
