import { deflateSync, inflateSync } from 'fflate'
import { adler32, crc32 } from './checksum.ts'
import { CodecError } from './error.ts'

/** 1 fastest … 9 smallest. */
export type DeflateLevel = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9

/** Level where a caller names none; PNG and npz say at their own constants what was measured. */
export const DEFLATE_LEVEL: DeflateLevel = 6

/** Deflate cannot make more than 1,032 bytes of one (a match of 258 in two bits). */
const GREATEST_RATIO = 1032

/** fflate picks its hash size with Math.log, which engines may round apart; here it comes from integers. */
function hashBits(length: number): number {
  const bits = 32 - Math.clz32(length)
  return Math.max(12, Math.min(18, bits + 1))
}

/** Raw deflate (RFC 1951). The same bytes everywhere: fflate is pure JavaScript and pinned. */
export function deflateRaw(bytes: Uint8Array, level: DeflateLevel = DEFLATE_LEVEL): Uint8Array {
  return deflateSync(bytes, { level, mem: (hashBits(bytes.length) - 12) as 0 })
}

/**
 * Raw inflate into at most `size` bytes: what is longer is an error, so a bomb costs no memory.
 * Throws CodecError on corrupt data, and where the result is not exactly `size` long.
 */
export function inflateRaw(bytes: Uint8Array, size: number, format = 'deflate'): Uint8Array {
  if (!Number.isSafeInteger(size) || size < 0 || size > bytes.length * GREATEST_RATIO + 64)
    throw new CodecError(
      `${format}.corrupt`,
      `${size} bytes are declared, but ${bytes.length} deflated bytes cannot hold so many`,
      undefined,
      'The file is cut short or corrupt',
    )
  // One byte more than declared shows streams that run over.
  const out = inflateOver(bytes, size + 1, format)
  if (out.length !== size)
    throw new CodecError(
      `${format}.corrupt`,
      `the deflated data holds ${out.length > size ? 'more than' : `${out.length} bytes, not`} the declared ${size} bytes`,
      undefined,
      'The file is cut short or corrupt',
    )
  return out
}

function inflateOver(bytes: Uint8Array, room: number | undefined, format: string): Uint8Array {
  try {
    return room === undefined ? inflateSync(bytes) : inflateSync(bytes, { out: new Uint8Array(room) })
  } catch (error) {
    throw new CodecError(
      `${format}.corrupt`,
      `the deflated data is corrupt: ${error instanceof Error ? error.message : error}`,
      undefined,
      'The file is cut short or corrupt',
      error,
    )
  }
}

/** Deflate in the zlib container (RFC 1950). */
export function deflate(bytes: Uint8Array, level: DeflateLevel = DEFLATE_LEVEL): Uint8Array {
  const body = deflateRaw(bytes, level)
  const out = new Uint8Array(body.length + 6)
  const view = new DataView(out.buffer)
  const speed = level < 2 ? 0 : level < 6 ? 1 : level === 6 ? 2 : 3
  const header = (0x78 << 8) | (speed << 6)
  view.setUint16(0, header + 31 - (header % 31))
  out.set(body, 2)
  view.setUint32(2 + body.length, adler32(bytes))
  return out
}

/**
 * Inflates a zlib container and checks its Adler-32. With `size` the result must be exactly that long and memory
 * stays bounded by it. Throws CodecError on anything else.
 */
export function inflate(bytes: Uint8Array, size?: number, format = 'zlib'): Uint8Array {
  const method = bytes[0]!
  if (bytes.length < 6 || (method & 15) !== 8 || method >> 4 > 7 || ((method << 8) | bytes[1]!) % 31 !== 0 || bytes[1]! & 32)
    throw new CodecError(`${format}.corrupt`, 'not a zlib stream (bad header)', 'byte 0', 'The file is cut short or corrupt')
  const body = bytes.subarray(2, -4)
  const out = size === undefined ? inflateOver(body, undefined, format) : inflateRaw(body, size, format)
  const end = bytes.length - 4
  const declared = ((bytes[end]! << 24) | (bytes[end + 1]! << 16) | (bytes[end + 2]! << 8) | bytes[end + 3]!) >>> 0
  if (declared !== adler32(out))
    throw new CodecError(`${format}.checksum`, 'the Adler-32 of the inflated data is wrong', `byte ${end}`, 'The file is corrupt')
  return out
}

/** One gzip member (RFC 1952) without name or time. */
export function gzip(bytes: Uint8Array, level: DeflateLevel = DEFLATE_LEVEL): Uint8Array {
  const body = deflateRaw(bytes, level)
  const out = new Uint8Array(body.length + 18)
  out.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, level === 9 ? 2 : level === 1 ? 4 : 0, 255])
  out.set(body, 10)
  const view = new DataView(out.buffer)
  view.setUint32(10 + body.length, crc32(bytes), true)
  view.setUint32(14 + body.length, bytes.length, true)
  return out
}

/** Inflates one gzip member; checks length and CRC. Throws CodecError. */
export function gunzip(bytes: Uint8Array): Uint8Array {
  const bad = (what: string) => new CodecError('gzip.corrupt', what, undefined, 'The file is cut short or corrupt')
  if (bytes.length < 18 || bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) throw bad('not a gzip file')
  const flags = bytes[3]!
  let at = 10
  if (flags & 4) at += 2 + (bytes[at]! | (bytes[at + 1]! << 8))
  for (const flag of [8, 16]) {
    if (flags & flag) {
      while (at < bytes.length && bytes[at] !== 0) at++
      at++
    }
  }
  if (flags & 2) at += 2
  if (at > bytes.length - 8) throw bad('the gzip header runs over the end')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const out = inflateRaw(bytes.subarray(at, -8), view.getUint32(bytes.length - 4, true), 'gzip')
  if (crc32(out) !== view.getUint32(bytes.length - 8, true)) throw bad('the CRC-32 of the inflated data is wrong')
  return out
}
