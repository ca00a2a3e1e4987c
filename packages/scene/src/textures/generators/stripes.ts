import { z } from 'zod'
import { defineGenerator, hex, share } from '../generator.ts'
import { fract, smoothstep } from '../noise.ts'
import { blend } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

const repeats = (byDefault: number) => z.number().int().min(0).max(256).default(byDefault)

/** Stripes of two colours; `across` and `down` count pairs along u and v, so both > 0 gives diagonals. */
export const stripes = defineGenerator({
  name: 'stripes',
  relief: 0,
  parameters: {
    across: repeats(8),
    down: repeats(0),
    width: share(0.5),
    a: hex('1f3a5f'),
    b: hex('e8e4da'),
    roughness: share(0.5),
  },
  shader(p, _key, size) {
    const a = encodeColor(p.a)
    const b = encodeColor(p.b)
    const blur = Math.min(0.2, (0.75 * Math.max(1, p.across + p.down)) / size)
    return (u, v, out) => {
      const s = Math.abs(fract(u * p.across + v * p.down) - 0.5)
      blend(out, b, a, 1 - smoothstep(p.width * 0.5 - blur * 0.5, p.width * 0.5 + blur * 0.5, s))
      out.roughness = p.roughness
      out.height = 0.5
    }
  },
})
