import { z } from 'zod'
import { animated } from './animated.ts'
import { animationSchema, poseSchema } from './pose.ts'
import { name, nonNegative, place, positive, quat, scale3, unit, vec3 } from './primitives.ts'

/** How an object takes part in the simulation. */
export const bodySchema = z.discriminatedUnion('type', [
  /** Moved by forces and contacts, from its `position` and `rotation` at the start. */
  z.strictObject({
    type: z.literal('dynamic'),
    /** Kilograms; given either this or `density`. */
    mass: positive.optional(),
    /** kg/m³, of the collision volume. Used when there is no `mass`. */
    density: positive.default(1000),
    /** Coulomb coefficient; a pair uses the geometric mean of its two. */
    friction: nonNegative.default(0.5),
    /** A pair uses the larger of its two. */
    restitution: unit.default(0.3),
    /** m/s, world. */
    velocity: vec3.default([0, 0, 0]),
    /** rad/s, world. */
    angularVelocity: vec3.default([0, 0, 0]),
  }),
  /** Never moves. */
  z.strictObject({ type: z.literal('static'), friction: nonNegative.default(0.5), restitution: unit.default(0.3) }),
  /** Follows its keyframes and pushes others. */
  z.strictObject({ type: z.literal('kinematic'), friction: nonNegative.default(0.5), restitution: unit.default(0.3) }),
  /** Not in the simulation; follows its keyframes. */
  z.strictObject({ type: z.literal('none') }),
])
export type Body = z.infer<typeof bodySchema>

export const objectSchema = z.strictObject({
  /** Stable id, unique in the scene, > 0; 0 means "no hit". */
  id: z.number().int().min(1),
  name,
  /** Semantic class. */
  category: z.string().min(1).default('object'),
  isBackground: z.boolean().default(false),
  /** A name in `scene.geometries`. */
  geometry: name,
  /** A name in `scene.materials`; for a geometry of several parts, one a part. Absent for an asset: its own materials. */
  material: z.union([name, z.array(name).min(1)]).optional(),
  position: animated(place).default([0, 0, 0]),
  rotation: animated(quat).default([0, 0, 0, 1]),
  scale: scale3.default([1, 1, 1]),
  /** Poses of a geometry that has a skin or morph targets; an object with neither pose nor animation is rigid, as at rest. Deforming objects have the body `none`. */
  pose: poseSchema.optional(),
  /** A clip that came with the geometry's asset; fields of `pose` go before it. */
  animation: animationSchema.optional(),
  body: bodySchema.default({ type: 'none' }),
  /** Anything the world wants to record about the object (size label, colour name, …). */
  metadata: z.record(z.string(), z.json()).default({}),
})
export type SceneObject = z.infer<typeof objectSchema>
