import { type DeflateLevel, deflate, inflate } from '../deflate.ts'

/** Tried on 256² half RGB of a smooth picture: see PNG_LEVEL; above 4 time grows and size hardly shrinks. */
export const EXR_LEVEL: DeflateLevel = 4

/** ZIP and ZIPS: even bytes before odd ones, differences to the byte before, zlib. */
export function zipBlock(raw: Uint8Array): Uint8Array {
  const out = new Uint8Array(raw.length)
  const half = (raw.length + 1) >> 1
  for (let i = 0; i < raw.length; i++) out[(i >> 1) + (i & 1 ? half : 0)] = raw[i]!
  for (let i = out.length - 1; i > 0; i--) out[i] = out[i]! - out[i - 1]! + 128
  return deflate(out, EXR_LEVEL)
}

export function unzipBlock(packed: Uint8Array, size: number): Uint8Array {
  return undoPredictor(inflate(packed, size, 'exr'))
}

/** Undoes differences and byte order; shared by ZIP, RLE and DWA. */
export function undoPredictor(bytes: Uint8Array): Uint8Array {
  for (let i = 1; i < bytes.length; i++) bytes[i] = bytes[i]! + bytes[i - 1]! - 128
  const out = new Uint8Array(bytes.length)
  const half = (bytes.length + 1) >> 1
  for (let i = 0; i < bytes.length; i++) out[i] = bytes[(i >> 1) + (i & 1 ? half : 0)]!
  return out
}
