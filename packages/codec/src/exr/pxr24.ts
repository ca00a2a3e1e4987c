import { inflate } from '../deflate.ts'
import type { Block } from './picture.ts'

/** PXR24: floats lose their last 8 bits; differences along each row, byte planes from the highest down, zlib. */
export function unpxr24Block(packed: Uint8Array, { width, lines, channels, size }: Block): Uint8Array {
  const planesOf = channels.map(c => (c.type === 'float' ? 3 : c.size))
  const raw = inflate(packed, lines * width * planesOf.reduce((sum, n) => sum + n, 0), 'exr')
  const out = new Uint8Array(size)
  const view = new DataView(out.buffer)
  let from = 0
  let to = 0
  for (let y = 0; y < lines; y++)
    for (let c = 0; c < channels.length; c++) {
      const planes = planesOf[c]!
      const bytes = channels[c]!.size
      let value = 0
      for (let x = 0; x < width; x++, to += bytes) {
        let difference = 0
        for (let p = 0; p < planes; p++) difference = (difference << 8) | raw[from + p * width + x]!
        if (planes === 3) difference <<= 8
        value = (value + difference) | 0
        if (bytes === 2) view.setUint16(to, value & 0xffff, true)
        else view.setInt32(to, value, true)
      }
      from += planes * width
    }
  return out
}
