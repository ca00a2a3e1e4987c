/** A cyclic redundancy check of 32 bits, reflected, over as many pieces as there are. Eight bytes a step ("slicing by 8", Kounavis & Berry 2005). */
class Crc {
  private state = 0xffffffff
  private readonly t: Uint32Array

  constructor(table: Uint32Array) {
    this.t = table
  }

  update(bytes: Uint8Array): this {
    const t = this.t
    let c = this.state
    let i = 0
    // Up to the first multiple of 4 in memory, then by words.
    while (i < bytes.length && ((bytes.byteOffset + i) & 3) !== 0) c = t[(c ^ bytes[i++]!) & 255]! ^ (c >>> 8)
    const pairs = ((bytes.length - i) >>> 3) * 2
    const words = pairs === 0 ? NO_WORDS : new Uint32Array(bytes.buffer, bytes.byteOffset + i, pairs)
    for (let w = 0; w < pairs; w += 2) {
      const a = words[w]! ^ c
      const b = words[w + 1]!
      c =
        t[0x700 | (a & 255)]! ^
        t[0x600 | ((a >>> 8) & 255)]! ^
        t[0x500 | ((a >>> 16) & 255)]! ^
        t[0x400 | (a >>> 24)]! ^
        t[0x300 | (b & 255)]! ^
        t[0x200 | ((b >>> 8) & 255)]! ^
        t[0x100 | ((b >>> 16) & 255)]! ^
        t[b >>> 24]!
    }
    for (i += 4 * pairs; i < bytes.length; i++) c = t[(c ^ bytes[i]!) & 255]! ^ (c >>> 8)
    this.state = c
    return this
  }

  /** The checksum of everything so far, as an unsigned number. */
  get value(): number {
    return ~this.state >>> 0
  }
}

const NO_WORDS = new Uint32Array(0)

function tables(polynomial: number): Uint32Array {
  const t = new Uint32Array(8 * 256)
  for (let n = 0; n < 256; n++) {
    let c = n
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ polynomial : c >>> 1
    t[n] = c
  }
  for (let s = 1; s < 8; s++)
    for (let n = 0; n < 256; n++) {
      const c = t[(s - 1) * 256 + n]!
      t[s * 256 + n] = t[c & 255]! ^ (c >>> 8)
    }
  return t
}

const CASTAGNOLI = tables(0x82f63b78)
const ZIP = tables(0xedb88320)

/** CRC-32C (Castagnoli; RFC 3720), of checkpoints and TensorBoard records. */
export const crc32c = (): Crc => new Crc(CASTAGNOLI)

/** CRC-32 of zip. */
export const crc32 = (): Crc => new Crc(ZIP)
