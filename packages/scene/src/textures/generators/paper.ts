import { count, defineGenerator, hex, share } from '../generator.ts'
import { clamp01, Lattice } from '../noise.ts'
import { blend, shadeBy } from '../palette.ts'
import { drawStrokes } from '../splat.ts'
import { encodeColor } from '../srgb.ts'

/** Uncoated paper: cloudy formation, faint fibres. */
export const paper = defineGenerator({
  name: 'paper',
  relief: 0.002,
  parameters: { fibres: count(900, 20000), fibreContrast: share(0.3), light: hex('f0eadd'), dark: hex('d8cdb8'), roughness: share(0.85) },
  shader(p, key, size) {
    const strokes = drawStrokes(key.fork('fibres'), size, { count: p.fibres, length: 0.05, width: 0.002, bend: 3, taper: false })
    const noise = new Lattice(key.fork('noise'))
    const light = encodeColor(p.light)
    const dark = encodeColor(p.dark)
    return (u, v, out) => {
      const k = Math.floor(v * size) * size + Math.floor(u * size)
      const fibre = strokes.height[k]! > 0 ? strokes.tint[k]! - 0.5 : 0
      const cloud = noise.fbm(u, v, 12, 12, 4, 0.7)
      blend(out, light, dark, 0.35 + 0.35 * cloud)
      shadeBy(out, 1 + 0.22 * p.fibreContrast * fibre)
      out.roughness = p.roughness
      out.height = clamp01(0.5 + 0.3 * cloud + 0.35 * fibre)
    }
  },
})
