import { CodecError } from '../error.ts'
import { littleEndianBytes, Reader } from '../reader.ts'
import { unhuffman } from './huffman.ts'
import type { Block } from './picture.ts'
import { unwavelet } from './wavelet.ts'

/** PIZ: the values that occur are numbered, each channel's numbers go through a Haar transform, all through a Huffman code. */
export function unpizBlock(packed: Uint8Array, { width, lines, channels, size }: Block): Uint8Array {
  const reader = new Reader(packed, 'exr')
  const { table, greatest } = readTable(reader)
  const words = unhuffman(reader.slice(reader.i32('a PIZ block'), 'a PIZ block'), size >> 1)
  let start = 0
  const starts = channels.map(c => {
    const step = c.size >> 1
    for (let j = 0; j < step; j++) unwavelet(words, start + j, width, step, lines, width * step, greatest)
    const here = start
    start += width * lines * step
    return here
  })
  const out = new Uint16Array(size >> 1)
  let to = 0
  for (let y = 0; y < lines; y++)
    for (let c = 0; c < channels.length; c++) {
      const row = (width * channels[c]!.size) >> 1
      const from = starts[c]! + y * row
      for (let i = 0; i < row; i++) out[to++] = table[words[from + i]!]!
    }
  return littleEndianBytes(out)
}

/** The bitmap of values that occur, between its first and last non-zero byte; zero always does. */
function readTable(reader: Reader): { table: Uint16Array; greatest: number } {
  const first = reader.u16('a PIZ block')
  const last = reader.u16('a PIZ block')
  if (last >= 8192) throw new CodecError('exr.corrupt', 'a PIZ bitmap is out of range', undefined, 'The file is corrupt')
  const bitmap = new Uint8Array(8192)
  if (first <= last) bitmap.set(reader.slice(last - first + 1, 'a PIZ bitmap'), first)
  const table = new Uint16Array(65536)
  let count = 1
  for (let value = 1; value < 65536; value++) if ((bitmap[value >> 3]! >> (value & 7)) & 1) table[count++] = value
  return { table, greatest: count - 1 }
}
