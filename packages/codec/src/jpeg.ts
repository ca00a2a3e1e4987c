import { decode } from 'jpeg-js'
import { CodecError } from './error.ts'
import { Reader } from './reader.ts'

/** 8-bit RGBA, row 0 at the top. */
export interface RgbaImage {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

const MEGAPIXELS = 268

/**
 * Reads a baseline or progressive JPEG to RGBA (alpha 255) through the pinned jpeg-js, the same pixels everywhere. EXIF orientation and
 * colour profiles are not applied. Throws CodecError on corrupt, truncated, 12-bit, lossless or arithmetic-coded data.
 */
export function decodeJpeg(bytes: Uint8Array): RgbaImage {
  checkFrame(bytes)
  let picture: { width: number; height: number; data: Uint8Array }
  try {
    picture = decode(bytes, {
      useTArray: true,
      formatAsRGBA: true,
      tolerantDecoding: false,
      maxResolutionInMP: MEGAPIXELS,
      maxMemoryUsageInMB: 4096,
    })
  } catch (error) {
    throw new CodecError(
      'jpeg.corrupt',
      `corrupt JPEG: ${error instanceof Error ? error.message : error}`,
      undefined,
      'Fetch or export the file again',
      error,
    )
  }
  return { width: picture.width, height: picture.height, data: picture.data }
}

/** Walks the markers up to the frame header, so that what is not read is named and sizes are known before memory is taken. */
function checkFrame(bytes: Uint8Array): void {
  const reader = new Reader(bytes, 'jpeg')
  if (reader.u16('the signature', false) !== 0xffd8)
    throw new CodecError('jpeg.signature', 'not a JPEG (it does not begin with FF D8)', 'byte 0', 'Check the file type')
  for (;;) {
    const at = reader.offset
    if (reader.u8('a marker') !== 0xff)
      throw new CodecError('jpeg.corrupt', 'a marker is missing', `byte ${at}`, 'Fetch or export the file again')
    let marker = reader.u8('a marker')
    while (marker === 0xff) marker = reader.u8('a marker')
    const frame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (marker === 0xda || marker === 0xd9)
      throw new CodecError('jpeg.corrupt', 'no frame header before the picture', `byte ${at}`, 'Fetch or export the file again')
    const body = reader.slice(reader.u16('a segment length', false) - 2, 'a segment')
    if (!frame) continue
    if (marker > 0xc2)
      throw new CodecError(
        'jpeg.unsupported',
        'lossless or arithmetic-coded JPEG is not read',
        `byte ${at}`,
        'Export it as baseline JPEG or PNG',
      )
    const [height, width] = [(body[1]! << 8) | body[2]!, (body[3]! << 8) | body[4]!]
    if (body[0] !== 8) throw new CodecError('jpeg.unsupported', `${body[0]}-bit JPEG is not read`, `byte ${at}`, 'Export it with 8 bits')
    if (!(width > 0 && height > 0))
      throw new CodecError('jpeg.corrupt', `the size ${width}×${height} cannot be`, `byte ${at}`, 'Fetch or export the file again')
    // A block of 8×8 takes at least a few bits; smaller files declare what they cannot hold.
    if (width * height > bytes.length * 4096)
      throw new CodecError(
        'jpeg.corrupt',
        `${width}×${height} pixels cannot be in ${bytes.length} bytes`,
        `byte ${at}`,
        'The file is cut short',
      )
    return
  }
}
