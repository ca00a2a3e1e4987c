import { count, defineGenerator, hex, share } from '../generator.ts'
import type { Grain } from '../grain.ts'
import { woodGrain } from '../grain.ts'
import { fract, Lattice, smoothstep } from '../noise.ts'
import { blend, shadeBy } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Square parquet: blocks of strips laid crosswise. */
export const parquet = defineGenerator({
  name: 'parquet',
  relief: 0.003,
  parameters: {
    /** Blocks a side, rounded up to even. */
    blocks: count(4, 32),
    strips: count(5, 16),
    variation: share(0.6),
    light: hex('c2945c'),
    dark: hex('7a4c27'),
    roughness: share(0.38),
  },
  shader(p, key) {
    const n = p.blocks + (p.blocks & 1)
    const grain = woodGrain(key, 20, 0.4)
    const random = new Lattice(key.fork('strip'))
    const light = encodeColor(p.light)
    const dark = encodeColor(p.dark)
    const g: Grain = { tone: 0, pore: 0 }
    return (u, v, out) => {
      const bx = Math.floor(u * n)
      const by = Math.floor(v * n)
      const turned = ((bx + by) & 1) === 1
      const along = fract((turned ? v : u) * n)
      const across = fract((turned ? u : v) * n) * p.strips
      const strip = Math.floor(across)
      const id = (by * n + bx) * p.strips + strip
      grain((turned ? v : u) + random.at(id, 1), (turned ? u : v) + random.at(id, 3), g)
      const f = fract(across)
      const edge = Math.min(f, 1 - f, Math.min(along, 1 - along) * p.strips)
      const face = smoothstep(0.005, 0.05, edge)
      blend(out, light, dark, g.tone + (random.at(id, 5) - 0.5) * p.variation * 0.8, 1 - 0.2 * g.pore)
      shadeBy(out, 0.4 + 0.6 * face)
      out.roughness = p.roughness + 0.08 * g.tone + 0.12 * g.pore + 0.2 * (1 - face)
      out.height = face * (0.95 - 0.05 * g.pore)
    }
  },
})
