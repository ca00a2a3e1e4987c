import { count, defineGenerator, hex, share } from '../generator.ts'
import { Lattice } from '../noise.ts'
import { blend, shadeBy } from '../palette.ts'
import { encodeColor } from '../srgb.ts'
import { type Crossing, weaveAt } from '../weave.ts'

/** Unbleached plain-weave canvas with uneven, slubby threads. */
export const canvas = defineGenerator({
  name: 'canvas',
  relief: 0.006,
  parameters: { threads: count(64, 256), light: hex('d9cdb2'), dark: hex('a8966f'), slubs: share(0.5), roughness: share(0.9) },
  shader(p, key) {
    const n = p.threads + (p.threads & 1)
    const random = new Lattice(key.fork('thread'))
    const noise = new Lattice(key.fork('noise'))
    const light = encodeColor(p.light)
    const dark = encodeColor(p.dark)
    const c: Crossing = { warp: false, thread: 0, across: 0, height: 0 }
    return (u, v, out) => {
      const x = u * n + 0.35 * noise.gradient(u * 32, v * 8, 32, 8)
      const y = v * n + 0.35 * noise.gradient(u * 8 + 0.5, v * 32, 8, 32)
      const slub = noise.gradient(u * 10, v * 40, 10, 40) * 0.5 + noise.gradient(u * 40, v * 10 + 0.3, 40, 10) * 0.5
      weaveAt('plain', x, y, Math.min(1, 0.9 + 0.2 * p.slubs * slub), c)
      const thread = ((c.thread % n) + n) % n
      const fibre = noise.gradient(u * 210, v * 210, 210, 210)
      blend(out, light, dark, 0.3 + 0.55 * (random.at(thread, c.warp ? 1 : 3) - 0.5) + 0.45 * slub + 0.2 * fibre)
      shadeBy(out, 0.6 + 0.42 * c.height)
      out.roughness = p.roughness
      out.height = c.height * (0.85 + 0.15 * slub)
    }
  },
})
