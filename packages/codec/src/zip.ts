import { crc32 } from './checksum.ts'
import { type DeflateLevel, deflateRaw, inflateRaw } from './deflate.ts'
import { CodecError, guarded } from './error.ts'
import { concat, Reader } from './reader.ts'

/** 1980-01-01 00:00:00, the first time a ZIP can tell. */
const DATE = 0x0021

/** A ZIP of the files in the order given: deflated, or stored where that is no longer; fixed times, no attributes. */
export function encodeZip(files: readonly (readonly [name: string, bytes: Uint8Array])[], level: DeflateLevel): Uint8Array {
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  for (const [name, bytes] of files) {
    const named = new TextEncoder().encode(name)
    if (named.length === 0 || named.length > 65535) throw new CodecError('zip.argument', `a name of ${named.length} bytes cannot be`)
    const deflated = deflateRaw(bytes, level)
    const store = deflated.length >= bytes.length
    const body = store ? bytes : deflated
    const fields = new Uint8Array(26)
    const view = new DataView(fields.buffer)
    view.setUint16(0, 20, true)
    view.setUint16(2, 0x0800, true) // names are UTF-8
    view.setUint16(4, store ? 0 : 8, true)
    view.setUint16(8, DATE, true)
    view.setUint32(10, crc32(bytes), true)
    view.setUint32(14, body.length, true)
    view.setUint32(18, bytes.length, true)
    view.setUint16(22, named.length, true)
    const tail = new Uint8Array(14)
    new DataView(tail.buffer).setUint32(10, at, true)
    parts.push(Uint8Array.of(0x50, 0x4b, 3, 4), fields, named, body)
    directory.push(Uint8Array.of(0x50, 0x4b, 1, 2, 20, 0), fields, tail, named)
    at += 30 + named.length + body.length
    if (at > 0xfffffffe || bytes.length > 0xfffffffe)
      throw new CodecError('zip.argument', 'a ZIP here holds at most 4 GiB', name, 'Split it')
  }
  if (files.length > 65534) throw new CodecError('zip.argument', `a ZIP here holds at most 65534 files, not ${files.length}`)
  const listing = concat(directory)
  const end = new Uint8Array(22)
  const view = new DataView(end.buffer)
  view.setUint32(0, 0x06054b50, true)
  view.setUint16(8, files.length, true)
  view.setUint16(10, files.length, true)
  view.setUint32(12, listing.length, true)
  view.setUint32(16, at, true)
  return concat([...parts, listing, end])
}

/** The files of a ZIP (stored or deflated), by name. Throws CodecError on corrupt, encrypted or ZIP64 data. */
export function decodeZip(bytes: Uint8Array): Map<string, Uint8Array> {
  return guarded('zip', () => {
    const out = new Map<string, Uint8Array>()
    const listing = new Reader(bytes, 'zip', findEnd(bytes) + 10)
    const count = listing.u16('the file count')
    listing.u32('the directory size')
    listing.offset = listing.u32('the directory offset')
    for (let i = 0; i < count; i++) readFile(listing, out)
    return out
  })
}

function findEnd(bytes: Uint8Array): number {
  for (let i = bytes.length - 22; i >= 0 && i >= bytes.length - 22 - 65535; i--)
    if (bytes[i] === 0x50 && bytes[i + 1] === 0x4b && bytes[i + 2] === 5 && bytes[i + 3] === 6) return i
  throw new CodecError('zip.signature', 'not a ZIP, or cut short (its directory is missing)', undefined, 'Fetch or save the file again')
}

function readFile(listing: Reader, out: Map<string, Uint8Array>): void {
  const at = listing.offset
  const corrupt = (what: string) => new CodecError('zip.corrupt', what, `byte ${at}`, 'Fetch or save the file again')
  if (listing.u32('a directory entry') !== 0x02014b50) throw corrupt('a directory entry has the wrong signature')
  listing.take(4, 'a directory entry')
  const flags = listing.u16('the flags')
  const method = listing.u16('the method')
  listing.take(4, 'the time')
  const crc = listing.u32('the CRC')
  const packedSize = listing.u32('the packed size')
  const size = listing.u32('the size')
  const nameLength = listing.u16('the name length')
  const extra = listing.u16('the extra length')
  const comment = listing.u16('the comment length')
  listing.take(8, 'the attributes')
  const offset = listing.u32('the offset')
  const name = new TextDecoder().decode(listing.slice(nameLength, 'the name'))
  listing.take(extra + comment, 'the extra fields')
  if (packedSize === 0xffffffff || size === 0xffffffff || offset === 0xffffffff || flags & 1)
    throw new CodecError(
      'zip.unsupported',
      `${name} is ${flags & 1 ? 'encrypted' : 'in the ZIP64 format'}`,
      `byte ${at}`,
      'Save it as a plain ZIP under 4 GiB',
    )
  const local = new Reader(listing.bytes, 'zip', offset)
  if (local.u32('a file header') !== 0x04034b50) throw corrupt(`${name} has no file header`)
  local.take(22, 'a file header')
  const skip = local.u16('the name length') + local.u16('the extra length')
  local.take(skip, 'the name')
  const packed = local.slice(packedSize, name)
  if (method !== 0 && method !== 8)
    throw new CodecError('zip.unsupported', `${name} has compression method ${method}`, `byte ${at}`, 'Use deflate or none')
  if (method === 0 && size !== packedSize) throw corrupt(`${name} is stored with two sizes`)
  const content = method === 0 ? packed.slice() : inflateRaw(packed, size, 'zip')
  if (crc32(content) !== crc) throw new CodecError('zip.checksum', `the CRC of ${name} is wrong`, `byte ${at}`, 'The file is corrupt')
  if (out.has(name)) throw corrupt(`${name} is there twice`)
  out.set(name, content)
}
