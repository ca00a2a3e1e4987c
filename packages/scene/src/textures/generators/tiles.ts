import { count, defineGenerator, hex, share } from '../generator.ts'
import { clamp01, fract, Lattice, mix, smoothstep } from '../noise.ts'
import { blend, over } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Glazed square tiles with grout. */
export const tiles = defineGenerator({
  name: 'tiles',
  relief: 0.006,
  parameters: {
    count: count(6, 64),
    grout: share(0.05),
    variation: share(0.35),
    a: hex('4f8a8b'),
    b: hex('2f5d62'),
    groutColor: hex('b8b2a7'),
    roughness: share(0.1),
  },
  shader(p, key) {
    const n = p.count
    const random = new Lattice(key.fork('tile'))
    const noise = new Lattice(key.fork('noise'))
    const a = encodeColor(p.a)
    const b = encodeColor(p.b)
    const grout = encodeColor(p.groutColor)
    return (u, v, out) => {
      const x = u * n
      const y = v * n
      const id = Math.floor(y) * n + Math.floor(x)
      const ex = Math.min(fract(x), 1 - fract(x)) - p.grout * 0.5
      const ey = Math.min(fract(y), 1 - fract(y)) - p.grout * 0.5
      // Rounded corners.
      const r = 0.06
      const cx = Math.max(0, r - ex)
      const cy = Math.max(0, r - ey)
      const d = Math.min(ex, ey) > r ? Math.min(ex, ey) : r - Math.sqrt(cx * cx + cy * cy)
      const face = smoothstep(-0.008, 0.012, d)
      const cloud = noise.fbm(u + random.at(id, 3), v + random.at(id, 5), 8, 8, 3)
      const fine = noise.gradient(u * 120, v * 120, 120, 120)
      blend(out, a, b, 0.45 + p.variation * (1.1 * (random.at(id, 1) - 0.5) + 0.5 * cloud) + 0.25 * (1 - smoothstep(0, 0.05, d)))
      over(out, [grout[0] + 0.05 * fine, grout[1] + 0.05 * fine, grout[2] + 0.05 * fine], 1 - face)
      out.roughness = clamp01(mix(0.9, p.roughness + 0.03 * Math.abs(cloud), face))
      out.height = mix(0.12 + 0.05 * fine, 0.6 + 0.4 * smoothstep(0, 0.09, d) + 0.01 * cloud, face)
    }
  },
})
