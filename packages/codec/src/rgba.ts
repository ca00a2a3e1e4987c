import { CodecError } from './error.ts'
import type { RgbaImage } from './jpeg.ts'
import { decodeJpeg } from './jpeg.ts'
import { decodePng } from './png/decode.ts'
import type { PngImage } from './png/picture.ts'

/** Any PNG picture as 8-bit RGBA: grey is spread, 16 bits are rounded to 8, alpha is 255 where there is none. */
export function toRgba({ width, height, channels, bitDepth, data }: PngImage): RgbaImage {
  const out = new Uint8Array(width * height * 4)
  if (bitDepth === 8 && channels === 4) out.set(data)
  else if (bitDepth === 8 && channels === 3) {
    for (let from = 0, to = 0; to < out.length; from += 3, to += 4) {
      out[to] = data[from]!
      out[to + 1] = data[from + 1]!
      out[to + 2] = data[from + 2]!
      out[to + 3] = 255
    }
  } else {
    const alpha = channels % 2 === 0
    const [green, blue] = channels > 2 ? [1, 2] : [0, 0]
    const byte = bitDepth === 8 ? (v: number) => v : (v: number) => Math.round(v / 257)
    for (let from = 0, to = 0; to < out.length; from += channels, to += 4) {
      out[to] = byte(data[from]!)
      out[to + 1] = byte(data[from + green]!)
      out[to + 2] = byte(data[from + blue]!)
      out[to + 3] = alpha ? byte(data[from + channels - 1]!) : 255
    }
  }
  return { width, height, data: out }
}

/** Reads a PNG or a JPEG, told apart by their first bytes, to 8-bit RGBA. Throws CodecError. */
export function decodeImage(bytes: Uint8Array): RgbaImage {
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return toRgba(decodePng(bytes))
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return decodeJpeg(bytes)
  throw new CodecError('image.unsupported', 'the picture is neither PNG nor JPEG', 'byte 0', 'Convert it to PNG or JPEG')
}
