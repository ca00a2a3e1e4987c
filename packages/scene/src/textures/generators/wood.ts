import { count, defineGenerator, hex, share } from '../generator.ts'
import type { Grain } from '../grain.ts'
import { woodGrain } from '../grain.ts'
import { blend, shadeBy } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** A wide flat-sawn board; the grain runs along u. */
export const wood = defineGenerator({
  name: 'wood',
  relief: 0.002,
  parameters: { rings: count(9, 64), waviness: share(0.6), light: hex('c99a63'), dark: hex('7a4a24'), roughness: share(0.45) },
  shader(p, key) {
    const grain = woodGrain(key, p.rings, p.waviness)
    const light = encodeColor(p.light)
    const dark = encodeColor(p.dark)
    const g: Grain = { tone: 0, pore: 0 }
    return (u, v, out) => {
      grain(u, v, g)
      blend(out, light, dark, g.tone)
      shadeBy(out, 1 - 0.28 * g.pore)
      out.roughness = p.roughness + 0.1 * g.tone + 0.2 * g.pore
      out.height = 0.8 - 0.25 * g.tone - 0.5 * g.pore
    }
  },
})
