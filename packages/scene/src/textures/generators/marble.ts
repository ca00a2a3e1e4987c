import { count, defineGenerator, hex, share } from '../generator.ts'
import { Lattice, smoothstep } from '../noise.ts'
import { blend, over } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Polished marble: soft clouds crossed by thin, warped veins. */
export const marble = defineGenerator({
  name: 'marble',
  relief: 0,
  parameters: {
    scale: count(2, 32),
    veins: share(0.6),
    base: hex('ece8e1'),
    cloud: hex('c9c4bd'),
    vein: hex('6d6a6b'),
    roughness: share(0.12),
  },
  shader(p, key) {
    const warp = new Lattice(key.fork('warp'))
    const vein = new Lattice(key.fork('vein'))
    const base = encodeColor(p.base)
    const cloud = encodeColor(p.cloud)
    const dark = encodeColor(p.vein)
    const n = p.scale
    return (u, v, out) => {
      const wx = warp.fbm(u, v, n, n, 2)
      const wy = warp.fbm(u + 0.37, v + 0.71, n, n, 2)
      const x = u + (0.22 * wx) / n
      const y = v + (0.22 * wy) / n
      const a = Math.abs(vein.fbm(x, y, n, n, 4, 0.55))
      const b = Math.abs(vein.fbm(x + 0.5, y + 0.25, 2 * n, 2 * n, 2, 0.5))
      blend(out, base, cloud, 0.5 + 0.65 * wy - 0.3 * a)
      // Veins fade in and out along their way.
      const strong = (1 - smoothstep(0.0, 0.032, a)) * smoothstep(-0.35, 0.4, wx)
      const fine = (1 - smoothstep(0.0, 0.035, b)) * smoothstep(-0.2, 0.5, wy)
      const halo = (1 - smoothstep(0.0, 0.22, a)) * (0.1 + 0.2 * strong)
      over(out, dark, p.veins * Math.min(1, 0.9 * strong + 0.45 * fine + halo))
      out.roughness = p.roughness + 0.05 * strong
      out.height = 0.5
    }
  },
})
