import { count, defineGenerator, hex, share } from '../generator.ts'
import { Cells, clamp01, Lattice, smoothstep } from '../noise.ts'
import { blend, shadeBy } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Cast concrete: stains, fine sand and air holes. */
export const concrete = defineGenerator({
  name: 'concrete',
  relief: 0.006,
  parameters: { pores: count(26, 256), poreShare: share(0.22), light: hex('a9a7a2'), dark: hex('7c7a76'), roughness: share(0.82) },
  shader(p, key) {
    const noise = new Lattice(key.fork('noise'))
    const fine = new Lattice(key.fork('fine'))
    const cells = new Cells(key.fork('pore'), p.pores, p.pores, 0.6)
    const random = new Lattice(key.fork('kind'))
    const light = encodeColor(p.light)
    const dark = encodeColor(p.dark)
    return (u, v, out) => {
      const stain = noise.fbm(u, v, 3, 3, 4, 0.55)
      const sand = fine.gradient(u * 170, v * 170, 170, 170) * 0.6 + fine.gradient(u * 71, v * 71, 71, 71) * 0.4
      cells.find(u, v)
      const r = random.at(cells.id, 1) < p.poreShare ? 0.05 + 0.26 * random.at(cells.id, 3) * random.at(cells.id, 5) : 0
      const hole = r > 0 ? 1 - smoothstep(r * 0.55, r, cells.f1 + 0.02 * sand) : 0
      blend(out, light, dark, 0.45 + 0.6 * stain + 0.16 * sand)
      shadeBy(out, 1 - 0.55 * hole)
      out.roughness = clamp01(p.roughness + 0.1 * stain)
      out.height = clamp01(0.8 + 0.05 * stain + 0.05 * sand - 0.75 * hole)
    }
  },
})
