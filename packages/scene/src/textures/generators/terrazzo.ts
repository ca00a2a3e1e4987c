import { count, defineGenerator, hex, share } from '../generator.ts'
import { Cells, Lattice, smoothstep } from '../noise.ts'
import { blend, over } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Polished terrazzo: angular chips of three colours in cement, large and small. */
export const terrazzo = defineGenerator({
  name: 'terrazzo',
  relief: 0.0005,
  parameters: {
    chips: count(13, 128),
    density: share(0.7),
    base: hex('dcd7cc'),
    a: hex('b5654a'),
    b: hex('3f4a52'),
    c: hex('c9a86a'),
    roughness: share(0.2),
  },
  shader(p, key) {
    const layers = [1, 2, 4].map(k => new Cells(key.fork(k), p.chips * k, p.chips * k, 0.9))
    const random = new Lattice(key.fork('kind'))
    const noise = new Lattice(key.fork('noise'))
    const base = encodeColor(p.base)
    const colors = [encodeColor(p.a), encodeColor(p.b), encodeColor(p.c), encodeColor([0.82, 0.8, 0.76])]
    return (u, v, out) => {
      const fine = noise.gradient(u * 130, v * 130, 130, 130)
      const edge = noise.gradient(u * 70, v * 70, 70, 70) * 0.02
      blend(out, base, base, 0, 1 + 0.035 * fine)
      let chip = 0
      for (let i = 2; i >= 0; i--) {
        const cells = layers[i]!
        cells.find(u, v)
        const row = 1 + 8 * i
        if (random.at(cells.id, row) > p.density * (0.45 + 0.12 * i)) continue
        // A chip is the middle of its cell, cut along the borders with its neighbours.
        const inside = smoothstep(0, 0.025 * (i + 1), cells.f2 - cells.f1 - 0.14 - 0.25 * random.at(cells.id, row + 2) + edge)
        const color = colors[Math.floor(random.at(cells.id, row + 4) * 4)]!
        const shade = 0.85 + 0.3 * random.at(cells.id, row + 6) + 0.06 * fine
        over(out, [color[0] * shade, color[1] * shade, color[2] * shade], inside)
        chip = Math.max(chip, inside)
      }
      out.roughness = p.roughness + 0.12 * (1 - chip)
      out.height = 0.5 + 0.2 * chip
    }
  },
})
