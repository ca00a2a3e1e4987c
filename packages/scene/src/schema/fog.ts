/** A homogeneous medium that light passes through. */
import { z } from 'zod'
import { animated } from './animated.ts'
import { colour, nonNegative, vec3 } from './primitives.ts'

/**
 * Fog fills a box, everything in it included (glass, too), and nothing outside: so the sun and the sky, which are infinitely far, still shine in. Labels do not
 * see it.
 */
export const fogSchema = z.strictObject({
  /** Extinction a metre: e^(−density · d) of the light comes through d metres. */
  density: animated(nonNegative),
  /** Share of the light taken that is scattered, the rest being absorbed; linear RGB. */
  albedo: animated(colour).default([1, 1, 1]),
  /** Mean cosine of the angle that light is turned by (Henyey and Greenstein 1941): 0 scatters evenly, water fog about 0.8 forwards. */
  anisotropy: z.number().min(-0.95).max(0.95).default(0),
  /** Corners of the box in metres, world. */
  box: z
    .strictObject({ min: vec3, max: vec3 })
    .refine(b => b.min.every((x, i) => x < b.max[i]!), { message: 'each coordinate of min must be below that of max' }),
})
export type Fog = z.infer<typeof fogSchema>
