/** Numeric fields that may change over time: a constant, or keyframes at times in seconds. */
import { z } from 'zod'

interface Keys<T> {
  /** [time in seconds, value], times strictly increasing. Before the first and after the last key the value is held. */
  readonly keys: readonly (readonly [number, T])[]
}
export interface PlainKeyframes<T> extends Keys<T> {
  /** `linear` (rotations: slerp), `step` (hold until the next key), `smooth` (linear in 3u² − 2u³). */
  readonly interpolation: 'linear' | 'step' | 'smooth'
}
/** Hermite's cubic between keys; rotations by component, made unit. */
export interface CubicKeyframes<T> extends Keys<T> {
  readonly interpolation: 'cubic'
  /** Slopes before and after each key, in the value's unit a second. */
  readonly tangents: readonly (readonly [T, T])[]
}
export type Keyframes<T> = PlainKeyframes<T> | CubicKeyframes<T>
/** What may change over time, and for `Curve` with cubics too. */
export type Animated<T> = T | PlainKeyframes<T>
export type Curve<T> = T | Keyframes<T>

const interpolation = z.enum(['linear', 'step', 'smooth']).default('linear')

const keysOf = <S extends z.ZodType>(value: S) =>
  z
    .array(z.tuple([z.number(), value]))
    .min(1)
    .refine(k => k.every((x, i) => i === 0 || x[0] > k[i - 1]![0]), { message: 'keyframe times must increase' })

/** A schema that accepts `value` or keyframes of `value`. */
export function animated<S extends z.ZodType>(value: S) {
  return z.union([value, z.strictObject({ keys: keysOf(value), interpolation })])
}

/** As `animated`, with `cubic` keyframes too; between keys these may leave what `value` allows. */
export function curve<S extends z.ZodType, D extends z.ZodType<z.output<S>>>(value: S, slope: D) {
  const tangents = z.array(z.tuple([slope, slope]))
  return z.union([
    value,
    z.strictObject({ keys: keysOf(value), interpolation }),
    z
      .strictObject({ keys: keysOf(value), interpolation: z.literal('cubic'), tangents })
      .refine(k => k.tangents.length === k.keys.length, { message: 'cubic keyframes need one pair of tangents a key' }),
  ])
}

export const isKeyframes = <T>(value: Curve<T>): value is Keyframes<T> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'keys' in value
