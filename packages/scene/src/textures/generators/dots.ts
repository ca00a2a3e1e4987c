import { count, defineGenerator, hex, share } from '../generator.ts'
import { fract, smoothstep } from '../noise.ts'
import { blend } from '../palette.ts'
import { encodeColor } from '../srgb.ts'

/** Round dots in staggered rows; `count` is rounded up to even. */
export const dots = defineGenerator({
  name: 'dots',
  relief: 0,
  parameters: { count: count(8, 256), radius: share(0.3), background: hex('f1ede4'), dot: hex('b3243b'), roughness: share(0.5) },
  shader(p, _key, size) {
    const n = p.count + (p.count & 1)
    const a = encodeColor(p.background)
    const b = encodeColor(p.dot)
    const blur = Math.min(0.25, (0.75 * n) / size)
    return (u, v, out) => {
      const row = Math.floor(v * n)
      const x = fract(u * n + (row & 1 ? 0.5 : 0)) - 0.5
      const y = fract(v * n) - 0.5
      blend(out, a, b, 1 - smoothstep(p.radius - blur, p.radius + blur, Math.sqrt(x * x + y * y)))
      out.roughness = p.roughness
      out.height = 0.5
    }
  },
})
