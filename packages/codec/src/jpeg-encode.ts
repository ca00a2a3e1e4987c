/** Baseline JPEG (ITU-T T.81, JFIF 1.02): sums and products of doubles alone, so the same bytes everywhere. */
import { CodecError } from './error.ts'
import { AC_CHROMINANCE, AC_LUMINANCE, DC_CHROMINANCE, DC_LUMINANCE, type HuffmanTable, quantisation, ZIGZAG } from './jpeg-tables.ts'

/**
 * Encodes 8-bit RGB (3 bytes a pixel, row 0 at the top) as libjpeg does by default: Y′CbCr with chrominance halved both ways (4:2:0), Annex K's tables.
 *
 * @param quality 1–100 on the Independent JPEG Group's scale
 * @returns the file. Throws CodecError for a size or quality that cannot be.
 */
export function encodeJpeg(
  picture: { readonly width: number; readonly height: number; readonly data: Uint8Array },
  quality: number,
): Uint8Array {
  const { width, height, data } = picture
  if (!(width >= 1 && height >= 1 && width <= 65535 && height <= 65535))
    throw new CodecError('jpeg.size', `a JPEG has 1 to 65535 pixels a side, not ${width}×${height}`, undefined, 'Use PNG')
  if (data.length !== width * height * 3)
    throw new CodecError(
      'jpeg.size',
      `${width}×${height} pixels are ${width * height * 3} bytes of RGB, not ${data.length}`,
      undefined,
      'Pass RGB',
    )
  if (!(Number.isInteger(quality) && quality >= 1 && quality <= 100))
    throw new CodecError('jpeg.quality', `the quality ${quality} is no integer from 1 to 100`, undefined, 'Use 75 to 95')
  const tables = quantisation(quality)
  const out = new BitWriter()
  writeHeader(out, width, height, tables)
  const across = Math.ceil(width / 16) * 16
  const down = Math.ceil(height / 16) * 16
  const planes = planesOf(data, width, height, across, down)
  const codes = [codesOf(DC_LUMINANCE), codesOf(AC_LUMINANCE), codesOf(DC_CHROMINANCE), codesOf(AC_CHROMINANCE)] as const
  const last = [0, 0, 0]
  const block = new Float64Array(64)
  const write = (c: number, x: number, y: number) => {
    const stride = c === 0 ? across : across / 2
    for (let i = 0; i < 64; i++) block[i] = planes[c]![(y + (i >> 3)) * stride + x + (i & 7)]! - 128
    const chroma = c === 0 ? 0 : 1
    last[c] = writeBlock(out, quantised(block, tables[chroma]!), last[c]!, codes[2 * chroma]!, codes[2 * chroma + 1]!)
  }
  for (let y = 0; y < down; y += 16) {
    for (let x = 0; x < across; x += 16) {
      for (const [i, j] of [
        [0, 0],
        [8, 0],
        [0, 8],
        [8, 8],
      ] as const)
        write(0, x + i, y + j)
      write(1, x / 2, y / 2)
      write(2, x / 2, y / 2)
    }
  }
  out.flush()
  out.bytes(0xff, 0xd9)
  return out.done()
}

/** Y′, Cb and Cr (BT.601 as JFIF has it); the last row and column go on to the block's edge, chrominance is the mean of four. */
function planesOf(rgb: Uint8Array, width: number, height: number, across: number, down: number): Float64Array[] {
  const y = new Float64Array(across * down)
  const cb = new Float64Array((across * down) / 4)
  const cr = new Float64Array((across * down) / 4)
  for (let j = 0; j < down; j++) {
    for (let i = 0; i < across; i++) {
      const p = 3 * (Math.min(j, height - 1) * width + Math.min(i, width - 1))
      const [r, g, b] = [rgb[p]!, rgb[p + 1]!, rgb[p + 2]!]
      const k = (j >> 1) * (across / 2) + (i >> 1)
      y[j * across + i] = 0.299 * r + 0.587 * g + 0.114 * b
      cb[k]! += (128 - 0.168735892 * r - 0.331264108 * g + 0.5 * b) / 4
      cr[k]! += (128 + 0.5 * r - 0.418687589 * g - 0.081312411 * b) / 4
    }
  }
  return [y, cb, cr]
}

/** ½ cos(kπ/16). */
const C = [
  0.5, 0.4903926402016152, 0.46193976625564337, 0.4157348061512726, 0.3535533905932738, 0.27778511650980114, 0.19134171618254492,
  0.09754516100806417, 0,
]
/** Row k, column n: coefficient k of a sample at n. */
const BASIS = Float64Array.from({ length: 64 }, (_, i) => {
  const k = i >> 3
  const m = (k * (2 * (i & 7) + 1)) % 32
  const folded = m > 16 ? 32 - m : m
  return k === 0 ? C[4]! : folded > 8 ? -C[16 - folded]! : C[folded]!
})

/** Discrete cosine transform of a block and its quantised coefficients, row-major; ties go away from zero. */
function quantised(block: Float64Array, steps: Uint8Array): Int32Array {
  const rows = new Float64Array(64)
  const out = new Int32Array(64)
  for (let j = 0; j < 8; j++) {
    for (let k = 0; k < 8; k++) {
      let sum = 0
      for (let n = 0; n < 8; n++) sum += BASIS[8 * k + n]! * block[8 * j + n]!
      rows[8 * j + k] = sum
    }
  }
  for (let l = 0; l < 8; l++) {
    for (let k = 0; k < 8; k++) {
      let sum = 0
      for (let n = 0; n < 8; n++) sum += BASIS[8 * l + n]! * rows[8 * n + k]!
      const q = sum / steps[8 * l + k]!
      out[8 * l + k] = q < 0 ? -Math.floor(0.5 - q) : Math.floor(q + 0.5)
    }
  }
  return out
}

interface Code {
  readonly bits: number
  readonly length: number
}

/** Codes by symbol, in the order of T.81's Annex C. */
function codesOf({ counts, symbols }: HuffmanTable): readonly Code[] {
  const out: Code[] = []
  let bits = 0
  let k = 0
  counts.forEach((n, i) => {
    for (let j = 0; j < n; j++) out[symbols[k++]!] = { bits: bits++, length: i + 1 }
    bits <<= 1
  })
  return out
}

/** Bits that a value needs, and those bits (T.81 F.1.2.1): a negative one is one less, cut off. */
const sizeOf = (v: number) => 32 - Math.clz32(Math.abs(v))
const extra = (v: number, size: number) => (v < 0 ? v - 1 : v) & ((1 << size) - 1)

/** Writes a block's coefficients; gives its DC coefficient. */
function writeBlock(out: BitWriter, coefficients: Int32Array, before: number, dc: readonly Code[], ac: readonly Code[]): number {
  const difference = coefficients[0]! - before
  const size = sizeOf(difference)
  out.put(dc[size]!)
  out.bits(extra(difference, size), size)
  let zeros = 0
  for (let k = 1; k < 64; k++) {
    const v = coefficients[ZIGZAG[k]!]!
    if (v === 0) {
      zeros++
      continue
    }
    for (; zeros > 15; zeros -= 16) out.put(ac[0xf0]!)
    const s = sizeOf(v)
    out.put(ac[(zeros << 4) | s]!)
    out.bits(extra(v, s), s)
    zeros = 0
  }
  if (zeros > 0) out.put(ac[0]!)
  return coefficients[0]!
}

class BitWriter {
  private data = new Uint8Array(65536)
  private length = 0
  private buffer = 0
  private filled = 0

  bytes(...values: readonly number[]): void {
    for (const v of values) {
      if (this.length === this.data.length) {
        const more = new Uint8Array(2 * this.length)
        more.set(this.data)
        this.data = more
      }
      this.data[this.length++] = v
    }
  }

  put({ bits, length }: Code): void {
    this.bits(bits, length)
  }

  /** At most 16 bits; a byte of ones is followed by a zero. */
  bits(value: number, length: number): void {
    this.buffer = (this.buffer << length) | value
    this.filled += length
    while (this.filled >= 8) {
      const byte = (this.buffer >>> (this.filled - 8)) & 0xff
      this.bytes(byte)
      if (byte === 0xff) this.bytes(0)
      this.filled -= 8
    }
    this.buffer &= 0xff
  }

  /** Fills the last byte with ones. */
  flush(): void {
    if (this.filled > 0) this.bits((1 << (8 - this.filled)) - 1, 8 - this.filled)
  }

  done(): Uint8Array {
    return this.data.slice(0, this.length)
  }
}

function writeHeader(out: BitWriter, width: number, height: number, tables: readonly [Uint8Array, Uint8Array]): void {
  const word = (v: number) => [v >> 8, v & 0xff]
  const segment = (marker: number, body: readonly number[]) => out.bytes(0xff, marker, ...word(body.length + 2), ...body)
  out.bytes(0xff, 0xd8)
  segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 2, 0, 0, 1, 0, 1, 0, 0])
  for (const [i, table] of tables.entries()) segment(0xdb, [i, ...Array.from(ZIGZAG, k => table[k]!)])
  segment(0xc0, [8, ...word(height), ...word(width), 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1])
  for (const [id, t] of [
    [0x00, DC_LUMINANCE],
    [0x10, AC_LUMINANCE],
    [0x01, DC_CHROMINANCE],
    [0x11, AC_CHROMINANCE],
  ] as const)
    segment(0xc4, [id, ...t.counts, ...t.symbols])
  segment(0xda, [3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0])
}
