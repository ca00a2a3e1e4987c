import { count, defineGenerator, hex, share } from '../generator.ts'
import { Cells, clamp01, Lattice, smoothstep } from '../noise.ts'
import { blend, shadeBy } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Grained leather: pebbles parted by creases, follicles, worn crowns. */
export const leather = defineGenerator({
  name: 'leather',
  relief: 0.012,
  parameters: { grain: count(46, 256), wear: share(0.35), light: hex('8a5433'), dark: hex('3d2113'), roughness: share(0.48) },
  shader(p, key) {
    const cells = new Cells(key.fork('pebble'), p.grain, p.grain, 0.85)
    const noise = new Lattice(key.fork('noise'))
    const random = new Lattice(key.fork('tint'))
    const light = encodeColor(p.light)
    const dark = encodeColor(p.dark)
    return (u, v, out) => {
      const wx = noise.gradient(u * 26, v * 26, 26, 26)
      const wy = noise.gradient(u * 26 + 0.5, v * 26 + 0.3, 26, 26)
      cells.find(u + (0.5 * wx) / p.grain, v + (0.5 * wy) / p.grain)
      const ridge = cells.f2 - cells.f1
      const crown = smoothstep(0, 0.5, ridge)
      const stain = noise.fbm(u, v, 3, 3, 3)
      const pore = smoothstep(0.45, 0.7, noise.gradient(u * 120, v * 120, 120, 120))
      const tone = 0.45 - 0.25 * p.wear * crown + 0.35 * stain + 0.18 * (random.at(cells.id, 1) - 0.5)
      blend(out, light, dark, tone)
      shadeBy(out, (0.78 + 0.22 * smoothstep(0, 0.3, ridge)) * (1 - 0.18 * pore))
      out.roughness = clamp01(p.roughness + 0.22 * (1 - crown) - 0.1 * p.wear * crown)
      out.height = crown * (0.75 + 0.2 * random.at(cells.id, 3)) - 0.08 * pore + 0.05
    }
  },
})
