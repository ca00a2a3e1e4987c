/** A PNG's pixels: row-major, row 0 at the top, channels interleaved. */
export interface PngImage {
  readonly width: number
  readonly height: number
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA. */
  readonly channels: 1 | 2 | 3 | 4
  readonly bitDepth: 8 | 16
  /** Uint8Array at 8 bits, Uint16Array (host order) at 16; width · height · channels values. */
  readonly data: Uint8Array | Uint16Array
}

export const PNG_SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
