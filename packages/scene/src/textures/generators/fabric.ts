import { z } from 'zod'
import { count, defineGenerator, hex, share } from '../generator.ts'
import { fract, Lattice } from '../noise.ts'
import { blend, shadeBy } from '../palette.ts'
import { encodeColor } from '../srgb.ts'
import { type Crossing, REPEAT, weaveAt } from '../weave.ts'

/** Woven cloth of two yarns; `threads` is rounded up to the pattern's repeat. */
export const fabric = defineGenerator({
  name: 'fabric',
  relief: 0.008,
  parameters: {
    pattern: z.enum(['plain', 'twill', 'satin', 'basket']).default('twill'),
    threads: count(48, 256),
    warp: hex('3b5573'),
    weft: hex('8d9bab'),
    fuzz: share(0.5),
    roughness: share(0.85),
  },
  shader(p, key) {
    const n = Math.ceil(p.threads / REPEAT[p.pattern]) * REPEAT[p.pattern]
    const random = new Lattice(key.fork('thread'))
    const noise = new Lattice(key.fork('noise'))
    const warp = encodeColor(p.warp)
    const weft = encodeColor(p.weft)
    const c: Crossing = { warp: false, thread: 0, across: 0, height: 0 }
    return (u, v, out) => {
      const x = u * n + 0.12 * noise.gradient(u * 12, v * 24, 12, 24)
      const y = v * n + 0.12 * noise.gradient(u * 24, v * 12 + 0.5, 24, 12)
      weaveAt(p.pattern, x, y, 0.94, c)
      const thread = ((c.thread % n) + n) % n
      // Plies twisted around the yarn.
      const ply = fract((c.warp ? y : x) * 1.5 + c.across * 0.6)
      const twist = Math.abs(ply - 0.5) * 2
      const tint = (random.at(thread, c.warp ? 1 : 3) - 0.5) * 0.14
      const fuzz = noise.gradient(u * 190, v * 190, 190, 190) * p.fuzz * 0.16
      blend(out, c.warp ? warp : weft, weft, 0)
      shadeBy(out, (0.42 + 0.6 * c.height) * (0.9 + 0.12 * twist) * (1 + tint + fuzz))
      out.roughness = p.roughness
      out.height = c.height * (0.9 + 0.1 * twist)
    }
  },
})
