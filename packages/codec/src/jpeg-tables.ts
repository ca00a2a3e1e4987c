/** Tables of ITU-T T.81: Annex K's quantisation and Huffman codes, and the zigzag order. */

/** Place in the block (row · 8 + column) of the k-th coefficient of the zigzag. */
export const ZIGZAG: Uint8Array = zigzag()

function zigzag(): Uint8Array {
  const out = new Uint8Array(64)
  let [x, y, up] = [0, 0, true]
  for (let k = 0; k < 64; k++) {
    out[k] = 8 * y + x
    if (up) {
      if (x === 7) [y, up] = [y + 1, false]
      else if (y === 0) [x, up] = [x + 1, false]
      else [x, y] = [x + 1, y - 1]
    } else if (y === 7) [x, up] = [x + 1, true]
    else if (x === 0) [y, up] = [y + 1, true]
    else [x, y] = [x - 1, y + 1]
  }
  return out
}

const LUMINANCE = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62, 18, 22,
  37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
]
const CHROMINANCE = [
  17,
  18,
  24,
  47,
  99,
  99,
  99,
  99,
  18,
  21,
  26,
  66,
  99,
  99,
  99,
  99,
  24,
  26,
  56,
  99,
  99,
  99,
  99,
  99,
  47,
  66,
  99,
  99,
  99,
  99,
  99,
  99,
  ...Array.from({ length: 32 }, () => 99),
]

/** Steps of luminance and chrominance, row-major, for a quality 1–100 as the Independent JPEG Group scales Annex K's. */
export function quantisation(quality: number): readonly [Uint8Array, Uint8Array] {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality
  const scaled = (table: readonly number[]) => Uint8Array.from(table, q => Math.min(255, Math.max(1, Math.floor((q * scale + 50) / 100))))
  return [scaled(LUMINANCE), scaled(CHROMINANCE)]
}

export interface HuffmanTable {
  /** Number of codes of each length 1–16. */
  readonly counts: readonly number[]
  readonly symbols: Uint8Array
}

const bytes = (hex: string) => Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16))
const TWELVE = bytes('000102030405060708090a0b')

export const DC_LUMINANCE: HuffmanTable = { counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], symbols: TWELVE }
export const DC_CHROMINANCE: HuffmanTable = { counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], symbols: TWELVE }
export const AC_LUMINANCE: HuffmanTable = {
  counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125],
  symbols: bytes(
    '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a34353637' +
      '38393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3' +
      'a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
  ),
}
export const AC_CHROMINANCE: HuffmanTable = {
  counts: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119],
  symbols: bytes(
    '000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728292a3536' +
      '3738393a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999a' +
      'a2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa',
  ),
}
