import { count, defineGenerator, hex, share } from '../generator.ts'
import { Cells, clamp01, Lattice, mix, smoothstep } from '../noise.ts'
import { blend, over } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Road asphalt: chippings bound in bitumen. */
export const asphalt = defineGenerator({
  name: 'asphalt',
  relief: 0.012,
  parameters: { stones: count(70, 400), bitumen: hex('2b2b2c'), light: hex('8b8884'), dark: hex('4d4c4b'), roughness: share(0.9) },
  shader(p, key) {
    const cells = new Cells(key.fork('stones'), p.stones, p.stones, 1)
    const random = new Lattice(key.fork('tint'))
    const noise = new Lattice(key.fork('noise'))
    const bitumen = encodeColor(p.bitumen)
    const light = encodeColor(p.light)
    const dark = encodeColor(p.dark)
    return (u, v, out) => {
      const fine = noise.gradient(u * 200, v * 200, 200, 200)
      const stain = noise.fbm(u, v, 3, 3, 3)
      cells.find(u, v)
      const size = random.at(cells.id, 1)
      const stone = smoothstep(0.05, 0.22, cells.f2 - cells.f1 - 0.35 * size * size + 0.05 * fine)
      blend(out, bitumen, bitumen, 0, 1 + 0.25 * fine + 0.1 * stain)
      const t = random.at(cells.id, 3)
      const gain = 1 + 0.1 * fine + 0.12 * stain
      over(out, [mix(dark[0], light[0], t) * gain, mix(dark[1], light[1], t) * gain, mix(dark[2], light[2], t) * gain], 0.85 * stone)
      out.roughness = clamp01(p.roughness - 0.12 * stone)
      out.height = clamp01(0.2 + 0.55 * stone * (0.6 + 0.4 * t) + 0.06 * fine)
    }
  },
})
