import { color, count, defineGenerator, share } from '../generator.ts'
import { encodeColor } from '../srgb.ts'

/** A chessboard of two colours; `count` squares a side, rounded up to even so that it tiles. */
export const checker = defineGenerator({
  name: 'checker',
  relief: 0,
  parameters: { count: count(8), a: color(0.8, 0.8, 0.8), b: color(0.08, 0.08, 0.09), roughness: share(0.5) },
  shader(p) {
    const n = p.count + (p.count & 1)
    const a = encodeColor(p.a)
    const b = encodeColor(p.b)
    return (u, v, out) => {
      const c = (Math.floor(u * n) + Math.floor(v * n)) & 1 ? b : a
      out.r = c[0]
      out.g = c[1]
      out.b = c[2]
      out.roughness = p.roughness
      out.height = 0.5
    }
  },
})
