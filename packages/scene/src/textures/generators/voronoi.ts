import { count, defineGenerator, hex, share } from '../generator.ts'
import { Cells, Lattice, smoothstep } from '../noise.ts'
import { blend, over } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Voronoi cells shaded between two colours, with borders. */
export const voronoi = defineGenerator({
  name: 'voronoi',
  relief: 0.01,
  parameters: {
    cells: count(10, 256),
    jitter: share(0.9),
    border: share(0.06),
    a: hex('f2c14e'),
    b: hex('3a5a78'),
    line: hex('1c1c20'),
    roughness: share(0.5),
  },
  shader(p, key) {
    const cells = new Cells(key.fork('cells'), p.cells, p.cells, p.jitter)
    const random = new Lattice(key.fork('tint'))
    const a = encodeColor(p.a)
    const b = encodeColor(p.b)
    const line = encodeColor(p.line)
    return (u, v, out) => {
      cells.find(u, v)
      const edge = smoothstep(p.border * 0.7, p.border * 1.3 + 0.01, cells.f2 - cells.f1)
      blend(out, a, b, random.at(cells.id, 1), 1 - 0.12 * cells.f1)
      over(out, line, p.border === 0 ? 0 : 1 - edge)
      out.roughness = p.roughness
      out.height = edge * (0.6 + 0.4 * random.at(cells.id, 3))
    }
  },
})
