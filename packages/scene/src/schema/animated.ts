/** Numeric fields that may change over time: a constant, or keyframes at times in seconds. */
import { z } from 'zod'

export interface Keyframes<T> {
  /** [time in seconds, value], times strictly increasing. Before the first and after the last key the value is held. */
  readonly keys: readonly (readonly [number, T])[]
  /** `linear` (rotations: slerp), `step` (hold until the next key), `smooth` (linear in 3u² − 2u³). */
  readonly interpolation: 'linear' | 'step' | 'smooth'
}
export type Animated<T> = T | Keyframes<T>

const interpolation = z.enum(['linear', 'step', 'smooth']).default('linear')

/** A schema that accepts `value` or keyframes of `value`. */
export function animated<S extends z.ZodType>(value: S) {
  const keys = z
    .array(z.tuple([z.number(), value]))
    .min(1)
    .refine(k => k.every((x, i) => i === 0 || x[0] > k[i - 1]![0]), { message: 'keyframe times must increase' })
  return z.union([value, z.strictObject({ keys, interpolation })])
}

export const isKeyframes = <T>(value: Animated<T>): value is Keyframes<T> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'keys' in value
