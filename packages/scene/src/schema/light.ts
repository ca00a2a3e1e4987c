import { z } from 'zod'
import { animated } from './animated.ts'
import { finite, name, nonNegative, place, positive, quat, radiance, strength } from './primitives.ts'

const color = animated(radiance).default([1, 1, 1])

/** Parallel light from one direction. It shines along its −Z. */
export const sunSchema = z.strictObject({
  type: z.literal('sun'),
  name,
  rotation: animated(quat),
  color,
  /** Irradiance on a surface facing the sun, W/m². */
  irradiance: animated(nonNegative),
  /** Angular diameter in radians. */
  angle: z.number().min(0).max(3).default(0.00918),
})

/** A one-sided rectangle or ellipse that emits along its −Z with equal radiance in every direction. */
export const areaSchema = z.strictObject({
  type: z.literal('area'),
  name,
  shape: z.enum(['rectangle', 'disk']).default('rectangle'),
  position: animated(place),
  rotation: animated(quat),
  /** Width (local X) and height (local Y) in metres. */
  size: z.tuple([positive, positive]),
  color,
  /** Radiant power in watts; radiance is power / (π · area). */
  power: animated(nonNegative),
  /** Whether camera rays see it. */
  visible: z.boolean().default(false),
})

/** A sphere that emits equally in all directions; radius 0 is a true point. */
export const pointSchema = z.strictObject({
  type: z.literal('point'),
  name,
  position: animated(place),
  radius: nonNegative.default(0),
  color,
  /** Radiant power in watts. */
  power: animated(nonNegative),
  visible: z.boolean().default(false),
})

const halfAngle = z
  .number()
  .min(0)
  .max(Math.PI / 2)

/** A ball (radius 0: a true point) that emits within a cone along its −Z. */
export const spotSchema = z
  .strictObject({
    type: z.literal('spot'),
    name,
    position: animated(place),
    rotation: animated(quat),
    /** Of the ball in metres: how soft shadows are. The cone's own edge does not depend on it. */
    radius: nonNegative.default(0),
    /**
     * Angles from the axis in radians. Within `innerAngle` light is full, outside `outerAngle` there is none; between, it falls as 3x² − 2x³, where x goes from 0 to 1
     * linearly in the cosine.
     */
    innerAngle: halfAngle.default(0),
    outerAngle: halfAngle.refine(a => a > 0, { message: 'the outer angle must be above 0' }).default(Math.PI / 4),
    color,
    /** Radiant power in watts of the same lamp without its cone: intensity is power / 4π however narrow the cone is. */
    power: animated(nonNegative),
    /** Whether camera rays see it, from within its cone. */
    visible: z.boolean().default(false),
  })
  .refine(s => s.innerAngle <= s.outerAngle, { path: ['innerAngle'], message: 'the inner angle must not be above the outer one' })

export const lightSchema = z.discriminatedUnion('type', [sunSchema, areaSchema, pointSchema, spotSchema])
export type Light = z.infer<typeof lightSchema>
export type Sun = z.infer<typeof sunSchema>
export type AreaLight = z.infer<typeof areaSchema>
export type PointLight = z.infer<typeof pointSchema>
export type SpotLight = z.infer<typeof spotSchema>

/** Where environment radiance comes from; lat-long, +Z up, u = 0.5 looks along +X, growing towards −Y (clockwise seen from above). */
export const environmentSourceSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('constant'), color: radiance }),
  /** An HDR picture of the package or of `--assets`, by id. */
  z.strictObject({ type: z.literal('hdri'), asset: z.string().min(1) }),
  /** A clear or hazy daylight sky. */
  z.strictObject({
    type: z.literal('sky'),
    /** Sun's height above the horizon in radians. */
    elevation: z.number().min(-0.2).max(1.5707963267948966),
    azimuth: finite.default(0),
    turbidity: z.number().min(1.7).max(10).default(3),
    /** Linear RGB albedo of the ground below the horizon. */
    ground: radiance.default([0.3, 0.28, 0.25]),
    /** Whether the sun's disk is in the picture. */
    sunDisk: z.boolean().default(true),
    height: z.number().int().min(16).max(4096).default(1024),
  }),
  /** A photo studio: a smooth backdrop with soft boxes placed by `seed`. */
  z.strictObject({
    type: z.literal('studio'),
    seed: z.number().int().min(0),
    boxes: z.number().int().min(1).max(12).default(4),
    backdrop: radiance.default([0.18, 0.18, 0.19]),
    height: z.number().int().min(16).max(4096).default(1024),
  }),
])
export type EnvironmentSource = z.infer<typeof environmentSourceSchema>

export const environmentSchema = z.strictObject({
  /** What lights the scene. */
  light: environmentSourceSchema,
  /** What camera rays see, when it should differ from `light`. */
  background: environmentSourceSchema.optional(),
  /** Factor on `light` and `background`. */
  strength: animated(strength).default(1),
  /** Turn about +Z in radians, counter-clockwise seen from above. */
  rotation: animated(finite).default(0),
})
export type Environment = z.infer<typeof environmentSchema>
