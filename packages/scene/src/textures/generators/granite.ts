import { count, defineGenerator, hex, share } from '../generator.ts'
import { Cells, Lattice, smoothstep } from '../noise.ts'
import { blend, over, shadeBy } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Polished granite: interlocked crystals of feldspar and quartz with mica between. */
export const granite = defineGenerator({
  name: 'granite',
  relief: 0.0005,
  parameters: {
    grain: count(44, 256),
    feldspar: hex('b9a090'),
    quartz: hex('d7d3cc'),
    mica: hex('232326'),
    darkness: share(0.3),
    roughness: share(0.2),
  },
  shader(p, key) {
    const big = new Cells(key.fork('big'), p.grain, p.grain)
    const small = new Cells(key.fork('small'), Math.min(512, p.grain * 2 + 7), Math.min(512, p.grain * 2 + 7))
    const random = new Lattice(key.fork('kind'))
    const noise = new Lattice(key.fork('noise'))
    const feldspar = encodeColor(p.feldspar)
    const quartz = encodeColor(p.quartz)
    const mica = encodeColor(p.mica)
    return (u, v, out) => {
      const w = (0.22 * noise.gradient(u * 72, v * 72, 72, 72)) / p.grain
      big.find(u + w, v - w)
      const kind = random.at(big.id, 1)
      const edge = smoothstep(0, 0.12, big.f2 - big.f1)
      blend(out, feldspar, quartz, kind < 0.45 ? 0.15 * random.at(big.id, 3) : 0.75 + 0.25 * random.at(big.id, 3))
      shadeBy(out, (0.86 + 0.2 * random.at(big.id, 5)) * (0.94 + 0.06 * edge))
      small.find(u - w, v + w)
      const dark = random.at(small.id, 7) < p.darkness * (0.55 + 0.9 * kind) ? smoothstep(0, 0.06, small.f2 - small.f1) : 0
      over(out, mica, dark * (0.75 + 0.25 * random.at(small.id, 9)))
      out.roughness = p.roughness + 0.12 * dark
      out.height = 0.6 - 0.3 * dark
    }
  },
})
