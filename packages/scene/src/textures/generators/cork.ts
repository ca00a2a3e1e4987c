import { count, defineGenerator, hex, share } from '../generator.ts'
import { Cells, clamp01, Lattice, smoothstep } from '../noise.ts'
import { blend, over } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Agglomerated cork: granules of two sizes, dark bark between some. */
export const cork = defineGenerator({
  name: 'cork',
  relief: 0.008,
  parameters: {
    granules: count(30, 256),
    light: hex('cf9f66'),
    dark: hex('94663a'),
    bark: hex('4b2f1b'),
    barkShare: share(0.14),
    roughness: share(0.9),
  },
  shader(p, key) {
    const big = new Cells(key.fork('big'), p.granules, p.granules, 0.95)
    const small = new Cells(key.fork('small'), p.granules * 2 + 3, p.granules * 2 + 3, 0.95)
    const random = new Lattice(key.fork('tint'))
    const noise = new Lattice(key.fork('noise'))
    const light = encodeColor(p.light)
    const dark = encodeColor(p.dark)
    const bark = encodeColor(p.bark)
    return (u, v, out) => {
      const w = noise.gradient(u * 60, v * 60, 60, 60) / p.granules
      big.find(u + 0.3 * w, v - 0.3 * w)
      const fine = noise.fbm(u, v, 90, 90, 2)
      const gap = 1 - smoothstep(0.0, 0.13, big.f2 - big.f1 + 0.03 * fine)
      small.find(u - 0.2 * w, v + 0.2 * w)
      const speck = random.at(small.id, 7) < p.barkShare ? smoothstep(0.05, 0.2, small.f2 - small.f1) : 0
      blend(out, light, dark, 0.15 + 0.75 * random.at(big.id, 1) + 0.2 * (random.at(small.id, 3) - 0.5) + 0.22 * fine)
      over(out, bark, Math.max(0.75 * speck, 0.55 * gap))
      out.roughness = p.roughness
      out.height = clamp01(0.6 + 0.3 * (random.at(big.id, 5) - 0.5) - 0.45 * gap - 0.2 * speck + 0.06 * fine)
    }
  },
})
