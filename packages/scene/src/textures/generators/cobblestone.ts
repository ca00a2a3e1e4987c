import { count, defineGenerator, hex, share } from '../generator.ts'
import { Cells, clamp01, Lattice, mix, smoothstep } from '../noise.ts'
import { blend, over } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Rounded paving stones in sand. */
export const cobblestone = defineGenerator({
  name: 'cobblestone',
  relief: 0.035,
  parameters: {
    stones: count(9, 64),
    jitter: share(0.55),
    light: hex('9b968d'),
    dark: hex('5d5b59'),
    joint: hex('5a4c3a'),
    roughness: share(0.75),
  },
  shader(p, key) {
    const cells = new Cells(key.fork('stones'), p.stones, p.stones, p.jitter)
    const random = new Lattice(key.fork('tint'))
    const noise = new Lattice(key.fork('noise'))
    const light = encodeColor(p.light)
    const dark = encodeColor(p.dark)
    const joint = encodeColor(p.joint)
    return (u, v, out) => {
      const w = noise.fbm(u, v, 14, 14, 2) * 0.07
      const fine = noise.fbm(u, v, 60, 60, 3, 0.65)
      cells.find(u + w / p.stones, v - w / p.stones)
      const d = cells.f2 - cells.f1
      const stone = smoothstep(0.07, 0.2, d + 0.02 * fine)
      const dome = smoothstep(0.05, 0.75, d)
      blend(out, light, dark, 0.1 + 0.8 * random.at(cells.id, 1) + 0.3 * fine - 0.25 * dome)
      over(out, [joint[0] * (1 + 0.3 * fine), joint[1] * (1 + 0.3 * fine), joint[2] * (1 + 0.3 * fine)], 1 - stone)
      out.roughness = clamp01(mix(0.95, p.roughness - 0.1 * dome, stone))
      out.height = clamp01(mix(0.08 + 0.06 * fine, 0.35 + 0.45 * dome + 0.06 * fine + 0.1 * random.at(cells.id, 3), stone))
    }
  },
})
