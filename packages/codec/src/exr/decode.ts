import { CodecError, guarded } from '../error.ts'
import { fromHalves } from '../half.ts'
import { LITTLE_ENDIAN_HOST, Reader, swapBytes } from '../reader.ts'
import { undwaBlock } from './dwa.ts'
import { type ExrHeader, readHeader } from './header.ts'
import type { Block, ExrChannel, ExrImage } from './picture.ts'
import { unpizBlock } from './piz.ts'
import { unpxr24Block } from './pxr24.ts'
import { unrunBytes } from './rle.ts'
import { undoPredictor, unzipBlock } from './zip.ts'

/**
 * Reads a one-part scan-line OpenEXR file with compression NONE, RLE, ZIPS, ZIP, PIZ, PXR24, DWAA or DWAB; the picture is the data
 * window. Half and float channels come as Float32Array, uint as Uint32Array, in the file's (alphabetical) order.
 * Throws CodecError on corrupt data and on what is not read: tiles, several parts, deep data, B44, sub-sampled channels.
 */
export function decodeExr(bytes: Uint8Array): ExrImage {
  return guarded('exr', () => decode(bytes))
}

function decode(bytes: Uint8Array): ExrImage {
  const reader = new Reader(bytes, 'exr')
  const header = readHeader(reader)
  const { width, height, channels, lines } = header
  const lineBytes = channels.reduce((sum, c) => sum + c.size * width, 0)
  const chunks = Math.ceil(height / lines)
  const table = reader.take(8 * chunks, 'the table of offsets')
  const raw = channels.map(c => new Uint8Array(c.size * width * height))
  const seen = new Uint8Array(chunks)
  for (let i = 0; i < chunks; i++) {
    reader.offset = Number(reader.view.getBigUint64(table + 8 * i, true))
    const at = reader.offset
    const y = reader.i32('a chunk') - header.top
    const packed = reader.slice(reader.i32('a chunk size'), 'a chunk')
    if (y < 0 || y >= height || y % lines !== 0 || seen[y / lines])
      throw new CodecError(
        'exr.corrupt',
        `a chunk begins at line ${y} of ${height}`,
        `byte ${at}`,
        'The file is corrupt: fetch or export it again',
      )
    seen[y / lines] = 1
    const count = Math.min(lines, height - y)
    const block: Block = { width, lines: count, channels, size: count * lineBytes }
    const unpacked = packed.length >= block.size ? packed : unpack(header, packed, block)
    if (unpacked.length !== block.size)
      throw new CodecError(
        'exr.corrupt',
        `a chunk has ${unpacked.length} bytes, not ${block.size}`,
        `byte ${at}`,
        'The file is corrupt: fetch or export it again',
      )
    let from = 0
    for (let line = y; line < y + count; line++)
      for (let c = 0; c < channels.length; c++) {
        const row = channels[c]!.size * width
        raw[c]!.set(unpacked.subarray(from, from + row), line * row)
        from += row
      }
  }
  return { width, height, channels: channels.map((c, i): ExrChannel => ({ name: c.name, type: c.type, data: values(raw[i]!, c.type) })) }
}

function values(bytes: Uint8Array, type: ExrChannel['type']): Float32Array | Uint32Array {
  if (!LITTLE_ENDIAN_HOST) swapBytes(bytes, type === 'half' ? 2 : 4)
  if (type === 'half') return fromHalves(new Uint16Array(bytes.buffer as ArrayBuffer))
  return type === 'float' ? new Float32Array(bytes.buffer as ArrayBuffer) : new Uint32Array(bytes.buffer as ArrayBuffer)
}

function unpack({ compression }: ExrHeader, packed: Uint8Array, block: Block): Uint8Array {
  switch (compression) {
    case 'RLE':
      return undoPredictor(unrunBytes(packed, block.size))
    case 'ZIP':
    case 'ZIPS':
      return unzipBlock(packed, block.size)
    case 'PIZ':
      return unpizBlock(packed, block)
    case 'PXR24':
      return unpxr24Block(packed, block)
    case 'DWAA':
    case 'DWAB':
      return undwaBlock(packed, block)
    default:
      return packed
  }
}
