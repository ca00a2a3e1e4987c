/** How an object's skin and morph targets move: by keyframes of its own, and by a clip that came with its asset. */
import { z } from 'zod'
import { curve } from './animated.ts'
import { finite, positive, quat, vec3 } from './primitives.ts'

/** Any four numbers: the slope of a rotation. */
const slope4 = z.tuple([finite, finite, finite, finite])

/** Place of a joint in its parent's frame; what is left out is the clip's, or else as at rest. */
const jointPoseSchema = z.strictObject({
  /** Metres before the object's scale. */
  translation: curve(vec3, vec3).optional(),
  rotation: curve(quat, slope4).optional(),
  /** Per axis, any sign. */
  scale: curve(vec3, vec3).optional(),
})

export const poseSchema = z.strictObject({
  /** By the joint's name. */
  joints: z.record(z.string(), jointPoseSchema).default({}),
  /** Weight by the morph target's name; any number, at rest 0. */
  morphs: z.record(z.string(), curve(finite, finite)).default({}),
})

export const animationSchema = z.strictObject({
  /** A clip of the asset, by name. */
  clip: z.string().min(1),
  /** Seconds of the scene at which the clip begins; before that it holds its first pose. */
  start: finite.default(0),
  /** Seconds of the clip a second of the scene. */
  speed: positive.default(1),
  /** Begin again at the end instead of holding the last pose. */
  loop: z.boolean().default(false),
})
