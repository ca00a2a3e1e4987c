import { count, defineGenerator, hex, share } from '../generator.ts'
import { clamp01, Lattice, mix, smoothstep } from '../noise.ts'
import { blend, over, shadeBy } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Steel eaten by rust; `amount` is the share that rusted. The `metallic` output is 0 where it did. */
export const rust = defineGenerator({
  name: 'rust',
  relief: 0.01,
  parameters: {
    scale: count(3, 32),
    amount: share(0.65),
    metal: hex('8d8f92'),
    bright: hex('b4632a'),
    dark: hex('4e2617'),
    roughness: share(0.35),
  },
  shader(p, key) {
    const noise = new Lattice(key.fork('noise'))
    const grit = new Lattice(key.fork('grit'))
    const metal = encodeColor(p.metal)
    const bright = encodeColor(p.bright)
    const dark = encodeColor(p.dark)
    const n = p.scale
    const threshold = (0.5 - p.amount) * 1.7
    return (u, v, out) => {
      const w = noise.fbm(u + 0.3, v + 0.6, n, n, 2)
      const f = noise.fbm(u + (0.25 * w) / n, v + (0.25 * w) / n, n, n, 4, 0.6)
      const fine = grit.fbm(u, v, 64, 64, 2, 0.7)
      const rusted = smoothstep(threshold - 0.1, threshold + 0.12, f + 0.12 * fine)
      const depth = smoothstep(threshold, threshold + 0.7, f)
      const scratch = grit.gradient(u * 5, v * 180, 5, 180)
      blend(out, metal, metal, 0, 1 + 0.1 * scratch + 0.05 * fine)
      over(out, bright, rusted)
      over(out, dark, rusted * clamp01(0.15 + 0.65 * depth + 0.45 * fine + 0.35 * w))
      shadeBy(out, 1 + 0.14 * fine * rusted)
      out.metallic = 1 - rusted
      out.roughness = clamp01(mix(p.roughness + 0.1 * scratch, 0.9, rusted))
      out.height = clamp01(0.45 + rusted * (0.15 + 0.2 * fine - 0.25 * depth) + 0.01 * scratch)
    }
  },
})
