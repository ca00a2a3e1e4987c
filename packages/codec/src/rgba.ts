import { CodecError } from './error.ts'
import type { RgbaImage } from './jpeg.ts'
import { decodeJpeg } from './jpeg.ts'
import { decodePng } from './png/decode.ts'
import type { PngImage } from './png/picture.ts'

/** Any PNG picture as 8-bit RGBA: grey is spread, 16 bits are rounded to 8, alpha is 255 where there is none. */
export function toRgba({ width, height, channels, bitDepth, data }: PngImage): RgbaImage {
  const out = new Uint8Array(width * height * 4)
  const colours = channels > 2
  for (let i = 0; i < width * height; i++)
    for (let k = 0; k < 4; k++) {
      const from = k === 3 ? (channels % 2 === 0 ? channels - 1 : -1) : colours ? k : 0
      const value = from < 0 ? -1 : data[i * channels + from]!
      out[4 * i + k] = value < 0 ? 255 : bitDepth === 8 ? value : Math.round(value / 257)
    }
  return { width, height, data: out }
}

/** Reads a PNG or a JPEG, told apart by their first bytes, to 8-bit RGBA. Throws CodecError. */
export function decodeImage(bytes: Uint8Array): RgbaImage {
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return toRgba(decodePng(bytes))
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return decodeJpeg(bytes)
  throw new CodecError('image.unsupported', 'the picture is neither PNG nor JPEG', 'byte 0', 'Convert it to PNG or JPEG')
}
