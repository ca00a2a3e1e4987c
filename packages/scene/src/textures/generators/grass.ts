import { count, defineGenerator, hex, share } from '../generator.ts'
import { clamp01, Lattice } from '../noise.ts'
import { blend, over, shadeBy } from '../palette.ts'
import { drawStrokes } from '../splat.ts'
import { encodeColor } from '../srgb.ts'

/** Short lawn from above: blades drawn one by one. */
export const grass = defineGenerator({
  name: 'grass',
  relief: 0.02,
  parameters: {
    blades: count(9000, 60000),
    length: share(0.06),
    dry: share(0.15),
    light: hex('7fa544'),
    dark: hex('24471a'),
    soil: hex('3a2d1e'),
    roughness: share(0.8),
  },
  shader(p, key, size) {
    const strokes = drawStrokes(key.fork('blades'), size, { count: p.blades, length: p.length, width: 0.0045, bend: 1.4, taper: true })
    const noise = new Lattice(key.fork('noise'))
    const light = encodeColor(p.light)
    const dark = encodeColor(p.dark)
    const soil = encodeColor(p.soil)
    const straw = encodeColor([0.52, 0.42, 0.16])
    return (u, v, out) => {
      const k = Math.floor(v * size) * size + Math.floor(u * size)
      const h = strokes.height[k]!
      const tint = strokes.tint[k]!
      const patch = noise.fbm(u, v, 3, 3, 3)
      if (h === 0) blend(out, soil, soil, 0, 0.8)
      else {
        blend(out, dark, light, 0.2 + 0.45 * tint + 0.3 * strokes.along[k]! + 0.2 * patch)
        if (tint * 7 - Math.floor(tint * 7) < p.dry) over(out, straw, 0.65)
        shadeBy(out, 0.3 + 0.75 * h)
      }
      out.roughness = p.roughness
      out.height = clamp01(h)
    }
  },
})
