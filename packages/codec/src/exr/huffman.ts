import { CodecError } from '../error.ts'
import { Reader } from '../reader.ts'

const LONGEST = 58
const FAST_BITS = 13

/**
 * OpenEXR's canonical Huffman code over 16-bit symbols with run lengths, used by PIZ and DWA. Layout: least symbol, greatest symbol
 * (which stands for "repeat the last one"), bytes of the table, bits of the data, a zero; code lengths in 6 bits; the codes.
 */
export function unhuffman(packed: Uint8Array, count: number): Uint16Array {
  const out = new Uint16Array(count)
  if (packed.length === 0 && count === 0) return out
  const reader = new Reader(packed, 'exr')
  const least = reader.u32('a Huffman header')
  const greatest = reader.u32('a Huffman header')
  reader.u32('a Huffman header')
  const bits = reader.u32('a Huffman header')
  reader.u32('a Huffman header')
  if (least > 65536 || greatest > 65536 || least > greatest) throw corrupt('symbols out of range')
  const { lengths, end } = readLengths(packed, 20, least, greatest)
  if (bits > 8 * (packed.length - end)) throw corrupt('fewer bits than declared')
  decodeSymbols(packed.subarray(end), bits, codebook(lengths, least, greatest), greatest, out)
  return out
}

const corrupt = (what: string) =>
  new CodecError('exr.corrupt', `the Huffman data is corrupt: ${what}`, undefined, 'The file is corrupt: fetch or export it again')

/** Lengths 0 to 58; 59 to 62 stand for 2 to 5 zeros, 63 for six and the next eight bits. */
function readLengths(packed: Uint8Array, start: number, least: number, greatest: number): { lengths: Uint8Array; end: number } {
  const lengths = new Uint8Array(65537)
  let bit = start * 8
  const take = (n: number) => {
    if (bit + n > packed.length * 8) throw corrupt('the table is cut short')
    let value = 0
    for (let i = 0; i < n; i++, bit++) value = (value << 1) | ((packed[bit >> 3]! >> (7 - (bit & 7))) & 1)
    return value
  }
  for (let symbol = least; symbol <= greatest; ) {
    const length = take(6)
    if (length <= LONGEST) lengths[symbol++] = length
    else symbol += length === 63 ? take(8) + 6 : length - 59 + 2
    if (symbol > greatest + 1) throw corrupt('a run leaves the table')
  }
  return { lengths, end: (bit + 7) >> 3 }
}

interface Codebook {
  /** By the next 13 bits: symbol · 64 + length, or −1 for longer codes. */
  readonly fast: Int32Array
  /** First code of every length; shorter codes are greater. */
  readonly first: Float64Array
  readonly counts: Uint32Array
  /** Where the symbols of a length begin in `symbols`. */
  readonly starts: Uint32Array
  readonly symbols: Uint32Array
}

function codebook(lengths: Uint8Array, least: number, greatest: number): Codebook {
  const counts = new Uint32Array(LONGEST + 2)
  for (let s = least; s <= greatest; s++) counts[lengths[s]!]!++
  const first = new Float64Array(LONGEST + 2)
  let code = 0
  for (let l = LONGEST; l > 0; l--) {
    first[l] = code
    code = Math.floor((code + counts[l]!) / 2)
  }
  const starts = new Uint32Array(LONGEST + 2)
  for (let l = 1; l <= LONGEST; l++) starts[l + 1] = starts[l]! + counts[l]!
  const symbols = new Uint32Array(starts[LONGEST + 1]!)
  const next = starts.slice()
  const fast = new Int32Array(1 << FAST_BITS).fill(-1)
  for (let s = least; s <= greatest; s++) {
    const l = lengths[s]!
    if (l === 0) continue
    const rank = next[l]!++
    symbols[rank] = s
    if (l > FAST_BITS) continue
    const from = (first[l]! + rank - starts[l]!) * (1 << (FAST_BITS - l))
    if (from >= fast.length) throw corrupt('the code lengths do not make a code')
    fast.fill(s * 64 + l, from, from + (1 << (FAST_BITS - l)))
  }
  return { fast, first, counts, starts, symbols }
}

function decodeSymbols(data: Uint8Array, bits: number, book: Codebook, repeat: number, out: Uint16Array): void {
  let to = 0
  let bit = 0
  while (bit < bits) {
    // At least 17 bits from the byte that `bit` is in.
    const byte = bit >> 3
    const window = ((data[byte]! << 16) | ((data[byte + 1] ?? 0) << 8) | (data[byte + 2] ?? 0)) & (0xffffff >> (bit & 7))
    const known = book.fast[window >> (24 - FAST_BITS - (bit & 7))]!
    let symbol: number
    if (known >= 0) {
      symbol = known >> 6
      bit += known & 63
    } else {
      let code = 0
      let length = 0
      symbol = -1
      while (symbol < 0) {
        if (++length > LONGEST || bit >= bits) throw corrupt('an unknown code')
        code = code * 2 + ((data[bit >> 3]! >> (7 - (bit & 7))) & 1)
        bit++
        const rank = code - book.first[length]!
        if (rank >= 0 && rank < book.counts[length]!) symbol = book.symbols[book.starts[length]! + rank]!
      }
    }
    if (bit > bits) throw corrupt('a code is cut short')
    if (symbol !== repeat) {
      if (to >= out.length) throw corrupt('more values than declared')
      out[to++] = symbol
      continue
    }
    if (bit + 8 > bits || to === 0) throw corrupt('a run is cut short or first')
    const at = bit >> 3
    const run = (((data[at]! << 8) | (data[at + 1] ?? 0)) >> (8 - (bit & 7))) & 255
    bit += 8
    if (to + run > out.length) throw corrupt('more values than declared')
    out.fill(out[to - 1]!, to, to + run)
    to += run
  }
  if (to !== out.length) throw corrupt(`${to} values, not ${out.length}`)
}
