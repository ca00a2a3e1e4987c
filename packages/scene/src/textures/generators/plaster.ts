import { count, defineGenerator, hex, share } from '../generator.ts'
import { Lattice, smoothstep } from '../noise.ts'
import { blend } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Trowelled wall plaster. */
export const plaster = defineGenerator({
  name: 'plaster',
  relief: 0.014,
  parameters: { scale: count(5, 64), strokes: share(0.6), light: hex('e6ded0'), dark: hex('c2b6a3'), roughness: share(0.9) },
  shader(p, key) {
    const noise = new Lattice(key.fork('noise'))
    const light = encodeColor(p.light)
    const dark = encodeColor(p.dark)
    const n = p.scale
    return (u, v, out) => {
      const wx = noise.fbm(u, v, n, n, 2)
      const wy = noise.fbm(u + 0.4, v + 0.7, n, n, 2)
      // Ridges left by the trowel: noise stretched and bent by the warp.
      const a = noise.fbm(u + (0.5 * wx) / n, v + (0.5 * wy) / n, 2 * n, 5 * n, 3, 0.5)
      const ridge = smoothstep(0.05, 0.55, a)
      const fine = noise.gradient(u * 150, v * 150, 150, 150)
      const h = 0.45 + 0.2 * wx + p.strokes * 0.35 * (ridge - 0.4) + 0.03 * fine
      blend(out, light, dark, 0.5 - 0.9 * (h - 0.45) + 0.12 * wy + 0.06 * fine)
      out.roughness = p.roughness
      out.height = h
    }
  },
})
