import { count, defineGenerator, hex, share } from '../generator.ts'
import { Cells, clamp01, Lattice, wave } from '../noise.ts'
import { blend, shadeBy } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Dry sand with wind ripples. */
export const sand = defineGenerator({
  name: 'sand',
  relief: 0.03,
  parameters: {
    grains: count(150, 512),
    ripples: count(9, 64),
    rippleHeight: share(0.6),
    light: hex('d9bd8d'),
    dark: hex('9a7a50'),
    roughness: share(0.95),
  },
  shader(p, key) {
    const cells = new Cells(key.fork('grain'), p.grains, p.grains, 1)
    const random = new Lattice(key.fork('tint'))
    const noise = new Lattice(key.fork('noise'))
    const light = encodeColor(p.light)
    const dark = encodeColor(p.dark)
    return (u, v, out) => {
      const bend = noise.fbm(u, v, 2, 3, 3, 0.45)
      const s = wave(v * p.ripples + 1.1 * bend)
      const ripple = (0.5 + 0.5 * s) * (0.7 + 0.5 * noise.gradient(u * 3, v * 3 + 0.5, 3, 3))
      cells.find(u, v)
      const tint = random.at(cells.id, 1)
      const grain = 1 - cells.f1
      blend(out, light, dark, 0.45 - 0.35 * p.rippleHeight * (ripple - 0.5) + 0.7 * (tint - 0.5) + 0.12 * bend)
      shadeBy(out, (0.8 + 0.24 * grain) * (tint > 0.985 ? 0.72 : 1))
      out.roughness = p.roughness
      out.height = clamp01(0.12 + 0.7 * p.rippleHeight * ripple + 0.07 * grain + 0.05 * tint)
    }
  },
})
