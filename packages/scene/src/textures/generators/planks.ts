import { count, defineGenerator, hex, share } from '../generator.ts'
import type { Grain } from '../grain.ts'
import { woodGrain } from '../grain.ts'
import { fract, Lattice, smoothstep } from '../noise.ts'
import { blend, shadeBy } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Floor boards laid along u, each cut from another place of the log. */
export const planks = defineGenerator({
  name: 'planks',
  relief: 0.006,
  parameters: {
    rows: count(6, 64),
    /** Boards along one row. */
    perRow: count(2, 32),
    /** How many times as long as wide the surface is that a tile covers. */
    aspect: count(1, 16),
    /** Growth rings across the tile. */
    rings: count(14, 64),
    gap: share(0.012),
    variation: share(0.5),
    light: hex('b98a58'),
    dark: hex('6b4122'),
    roughness: share(0.42),
  },
  shader(p, key) {
    const grain = woodGrain(key, p.rings, 0.55)
    const random = new Lattice(key.fork('board'))
    const light = encodeColor(p.light)
    const dark = encodeColor(p.dark)
    const g: Grain = { tone: 0, pore: 0 }
    return (u, v, out) => {
      const y = v * p.rows
      const row = Math.floor(y)
      const x = fract(u + random.at(row, 1)) * p.perRow
      const board = Math.floor(x)
      const id = row * p.perRow + board
      grain(u + random.at(id, 3), v + random.at(id, 5), g)
      // Distance to the board's edge in units of its width.
      const edge = Math.min(fract(y), 1 - fract(y), (Math.min(fract(x), 1 - fract(x)) * p.rows * p.aspect) / p.perRow)
      const face = smoothstep(p.gap * 0.5, p.gap * 2.5, edge)
      const tone = g.tone + (random.at(id, 7) - 0.5) * p.variation * 0.7
      blend(out, light, dark, tone, (1 - 0.24 * g.pore) * (1 + (random.at(id, 9) - 0.5) * 0.3 * p.variation))
      shadeBy(out, 0.18 + 0.82 * face)
      out.roughness = p.roughness + 0.1 * g.tone + 0.15 * g.pore + 0.3 * (1 - face)
      out.height = face * (0.9 - 0.05 * g.tone - 0.1 * g.pore)
    }
  },
})
