import { count, defineGenerator, hex, share } from '../generator.ts'
import { Lattice } from '../noise.ts'
import { blend } from '../palette.ts'
import { encodeColor } from '../srgb.ts'
import { type Crossing, weaveAt } from '../weave.ts'

/** 2 × 2 twill of carbon tows under clear resin; `tows` is rounded up to a multiple of 4. */
export const carbonFibre = defineGenerator({
  name: 'carbon-fibre',
  relief: 0.002,
  parameters: { tows: count(24, 128), dark: hex('0b0c0e'), light: hex('4a4e54'), roughness: share(0.22) },
  shader(p, key) {
    const n = Math.ceil(p.tows / 4) * 4
    const noise = new Lattice(key.fork('noise'))
    const dark = encodeColor(p.dark)
    const light = encodeColor(p.light)
    const c: Crossing = { warp: false, thread: 0, across: 0, height: 0 }
    return (u, v, out) => {
      weaveAt('twill', u * n, v * n, 0.98, c)
      const fibre = c.warp ? noise.gradient(u * n * 9, v * n, n * 9, n) : noise.gradient(u * n, v * n * 9, n, n * 9)
      // The two directions catch light at different angles; here as tone.
      const tone = (c.warp ? 0.5 : 0.12) + 0.38 * c.height * (c.warp ? 1 : 0.6) + 0.16 * fibre - 0.25
      blend(out, dark, light, tone)
      out.roughness = p.roughness + (c.warp ? 0.08 : 0) + 0.05 * fibre
      out.height = 0.3 + 0.6 * c.height + 0.06 * fibre
    }
  },
})
