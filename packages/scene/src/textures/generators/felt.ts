import { count, defineGenerator, hex, share } from '../generator.ts'
import { clamp01, Lattice } from '../noise.ts'
import { blend, shadeBy } from '../palette.ts'
import { drawStrokes } from '../splat.ts'
import { encodeColor } from '../srgb.ts'

/** Pressed wool felt: a mat of fine fibres. */
export const felt = defineGenerator({
  name: 'felt',
  relief: 0.006,
  parameters: { fibres: count(7000, 60000), light: hex('3f7d58'), dark: hex('1f4a33'), roughness: share(0.95) },
  shader(p, key, size) {
    const strokes = drawStrokes(key.fork('fibres'), size, { count: p.fibres, length: 0.07, width: 0.0026, bend: 2.5, taper: false })
    const noise = new Lattice(key.fork('noise'))
    const light = encodeColor(p.light)
    const dark = encodeColor(p.dark)
    return (u, v, out) => {
      const k = Math.floor(v * size) * size + Math.floor(u * size)
      const h = strokes.height[k]!
      const cloud = noise.fbm(u, v, 8, 8, 3)
      blend(out, dark, light, 0.3 + 0.5 * (strokes.tint[k]! - 0.3) + 0.3 * h + 0.25 * cloud)
      shadeBy(out, 0.8 + 0.22 * h)
      out.roughness = p.roughness
      out.height = clamp01(0.2 + 0.6 * h + 0.15 * cloud)
    }
  },
})
