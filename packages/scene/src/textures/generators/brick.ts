import { count, defineGenerator, hex, share } from '../generator.ts'
import { clamp01, fract, Lattice, mix, smoothstep } from '../noise.ts'
import { blend, over, shadeBy } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** A wall in running bond; `rows` is rounded up to even. Bricks are 2.6 : 1 when the wall is seen with square texels at the default counts. */
export const brick = defineGenerator({
  name: 'brick',
  relief: 0.02,
  parameters: {
    rows: count(10, 64),
    perRow: count(4, 64),
    /** Joint width as a share of a brick's height. */
    joint: share(0.14),
    variation: share(0.5),
    brick: hex('96503a'),
    dark: hex('5f2f26'),
    mortar: hex('a9a196'),
    roughness: share(0.85),
  },
  shader(p, key) {
    const rows = p.rows + (p.rows & 1)
    const random = new Lattice(key.fork('brick'))
    const noise = new Lattice(key.fork('noise'))
    const clay = encodeColor(p.brick)
    const dark = encodeColor(p.dark)
    const mortar = encodeColor(p.mortar)
    const aspect = rows / p.perRow
    return (u, v, out) => {
      const fine = noise.fbm(u, v, 48, 48, 3, 0.65)
      const wobble = noise.gradient(u * 20, v * 20, 20, 20) * 0.03
      const y = v * rows
      const row = Math.floor(y)
      const x = fract(u + (row & 1 ? 0.5 / p.perRow : 0)) * p.perRow
      const id = row * p.perRow + Math.floor(x)
      // Signed distance to a rounded box, in brick heights; negative inside.
      const dx = Math.abs(fract(x) - 0.5) * aspect - (aspect * 0.5 - p.joint * 0.5) + 0.08
      const dy = Math.abs(fract(y) - 0.5) - (0.5 - p.joint * 0.5) + 0.08
      const ox = Math.max(dx, 0)
      const oy = Math.max(dy, 0)
      const d = Math.sqrt(ox * ox + oy * oy) + Math.min(0, Math.max(dx, dy)) - 0.08 + wobble + 0.015 * fine
      const face = 1 - smoothstep(-0.05, 0.03, d)
      const tone = 0.35 + (random.at(id, 1) - 0.5) * 1.3 * p.variation + 0.28 * fine
      blend(out, clay, dark, tone, 1 + (random.at(id, 3) - 0.5) * 0.25 * p.variation)
      const pits = smoothstep(0.45, 0.75, noise.gradient(u * 110, v * 110, 110, 110))
      shadeBy(out, 1 - 0.2 * pits)
      over(out, [mortar[0] * (1 + 0.12 * fine), mortar[1] * (1 + 0.12 * fine), mortar[2] * (1 + 0.12 * fine)], 1 - face)
      // Dirt gathers along the joints.
      shadeBy(out, mix(0.72, 1, clamp01(Math.abs(d + 0.01) * 14)))
      out.roughness = clamp01(p.roughness + 0.06 * fine)
      out.height = mix(0.2 + 0.08 * fine, 0.8 + 0.12 * fine - 0.15 * pits + (random.at(id, 5) - 0.5) * 0.08, face)
    }
  },
})
