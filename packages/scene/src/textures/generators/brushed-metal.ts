import { count, defineGenerator, hex, share } from '../generator.ts'
import { clamp01, Lattice } from '../noise.ts'
import { blend } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Metal brushed along u. Most of it is in the roughness and the normals. */
export const brushedMetal = defineGenerator({
  name: 'brushed-metal',
  relief: 0.0006,
  parameters: { lines: count(240, 2000), color: hex('c6c7c9'), contrast: share(0.35), roughness: share(0.32) },
  shader(p, key) {
    const noise = new Lattice(key.fork('noise'))
    const base = encodeColor(p.color)
    const n = p.lines
    const half = Math.max(1, n >> 1)
    const eighth = Math.max(1, n >> 3)
    return (u, v, out) => {
      const a = noise.gradient(u * 2, v * n, 2, n)
      const b = noise.gradient(u * 5 + 0.3, v * half + 0.5, 5, half)
      const c = noise.gradient(u * 3 + 0.7, v * eighth, 3, eighth)
      const line = 0.5 * a + 0.35 * b + 0.3 * c
      blend(out, base, base, 0, 1 + p.contrast * 0.5 * line)
      out.metallic = 1
      out.roughness = clamp01(p.roughness + p.contrast * 0.35 * line)
      out.height = 0.5 + 0.45 * line
    }
  },
})
