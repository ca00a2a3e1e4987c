import { z } from 'zod'
import { atan2 } from '../../maths/portable.ts'
import { defineGenerator, share } from '../generator.ts'
import { ramp, rampParameters } from '../ramp.ts'

/**
 * A colour ramp along u (`linear`), from the middle to the edges (`radial`) or around it (`angular`). It runs there and back, so it tiles; `once` runs
 * it through a single time, for pictures that do not repeat.
 */
export const gradient = defineGenerator({
  name: 'gradient',
  relief: 0.05,
  parameters: {
    shape: z.enum(['linear', 'radial', 'angular']).default('linear'),
    run: z.enum(['mirror', 'once']).default('mirror'),
    ...rampParameters,
    roughness: share(0.5),
  },
  shader(p) {
    const color = ramp(p)
    return (u, v, out) => {
      const [x, y] = [u - 0.5, 0.5 - v]
      let t: number
      if (p.shape === 'radial') t = Math.min(1, 2 * Math.sqrt(x * x + y * y))
      else {
        const once = p.shape === 'linear' ? u : atan2(y, x) / (2 * Math.PI) + 0.5
        t = p.run === 'once' ? once : 1 - Math.abs(2 * once - 1)
      }
      color(t, out)
      out.roughness = p.roughness
      out.height = t
    }
  },
})
