import { CodecError } from '../error.ts'
import { floatToHalf, fromHalves } from '../half.ts'
import { inverseDct, ZIGZAG } from './dct.ts'
import { linearTable } from './dwa-linear.ts'

/** Streams of the coefficients and how far they are read: means by channel, others by 8×8 block. */
export interface Coefficients {
  readonly ac: Uint16Array
  readonly dc: Uint16Array
  acAt: number
  dcAt: number
}

/**
 * Decodes one channel, or three that are luma and chroma, to half bits. `linear` tells for each whether its values are taken as they are
 * rather than as perceptual ones.
 */
export function decodeLossy(c: Coefficients, width: number, lines: number, linear: readonly boolean[]): Uint16Array[] {
  const count = linear.length
  const [columns, rows] = [Math.ceil(width / 8), Math.ceil(lines / 8)]
  const out = linear.map(() => new Uint16Array(width * lines))
  const zigzag = linear.map(() => new Uint16Array(64))
  const blocks = linear.map(() => new Float64Array(64))
  const toLinear = linearTable()
  const firstMean = c.dcAt
  for (let by = 0; by < rows; by++)
    for (let bx = 0; bx < columns; bx++) {
      for (let k = 0; k < count; k++) {
        zigzag[k]!.fill(0)
        zigzag[k]![0] = c.dc[firstMean + k * rows * columns + by * columns + bx]!
        readBlock(c, zigzag[k]!)
        const values = fromHalves(zigzag[k]!)
        for (let n = 0; n < 64; n++) blocks[k]![ZIGZAG[n]!] = values[n]!
        inverseDct(blocks[k]!)
      }
      if (count === 3) toRgb(blocks[0]!, blocks[1]!, blocks[2]!)
      for (let k = 0; k < count; k++)
        for (let y = by * 8; y < Math.min(lines, by * 8 + 8); y++)
          for (let x = bx * 8; x < Math.min(width, bx * 8 + 8); x++) {
            const half = floatToHalf(Math.fround(blocks[k]![(y & 7) * 8 + (x & 7)]!))
            out[k]![y * width + x] = linear[k] ? half : toLinear[half]!
          }
    }
  c.dcAt += count * rows * columns
  return out
}

/** Coefficients 1 to 63: 0xFF00 ends the block, 0xFFnn is a run of nn zeros. */
function readBlock(c: Coefficients, block: Uint16Array): void {
  for (let n = 1; n < 64; ) {
    if (c.acAt >= c.ac.length) throw new CodecError('exr.corrupt', 'the DWA coefficients are cut short', undefined, 'The file is corrupt')
    const value = c.ac[c.acAt++]!
    if (value === 0xff00) return
    if (value >> 8 === 0xff) n += value & 0xff
    else block[n++] = value
  }
}

/** Rec. 709 luma and two chroma differences to red, green and blue. */
function toRgb(luma: Float64Array, blue: Float64Array, red: Float64Array): void {
  for (let i = 0; i < 64; i++) {
    const [y, cb, cr] = [luma[i]!, blue[i]!, red[i]!]
    luma[i] = y + 1.5747 * cr
    blue[i] = y - 0.1873 * cb - 0.4682 * cr
    red[i] = y + 1.8556 * cb
  }
}
