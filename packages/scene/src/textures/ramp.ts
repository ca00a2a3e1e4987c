/** Colour ramps: a number from 0 to 1 becomes a colour by stops. */
import { z } from 'zod'
import { unit } from '../schema/primitives.ts'
import type { Texel } from './generator.ts'
import { encode } from './srgb.ts'

/** Parameters of generators that colour by a ramp. */
export const rampParameters = {
  /** Places of the stops, 0–1, none before the one before it. */
  positions: z
    .array(unit)
    .min(1)
    .max(32)
    .refine(p => p.every((x, i) => i === 0 || x >= p[i - 1]!), { message: 'positions of stops must not decrease' })
    .default([0, 1]),
  /** Linear RGB of every stop, three numbers each. */
  colors: z.array(unit).min(3).max(96).default([0.02, 0.02, 0.02, 0.9, 0.9, 0.9]),
  /** Between stops: `linear`, `smooth` (3t² − 2t³) or `step` (the colour of the stop before). */
  interpolation: z.enum(['linear', 'smooth', 'step']).default('linear'),
}
export interface RampParameters {
  readonly positions: readonly number[]
  readonly colors: readonly number[]
  readonly interpolation: 'linear' | 'smooth' | 'step'
}

/** Writes the colour at t to a texel; before the first and after the last stop theirs. Throws where stops and colours do not match. */
export function ramp({ positions, colors, interpolation }: RampParameters): (t: number, out: Texel) => void {
  if (colors.length !== 3 * positions.length)
    throw new Error(
      `a ramp of ${positions.length} positions needs ${3 * positions.length} numbers in colors, three a stop, got ${colors.length}`,
    )
  const encoded = colors.map(encode)
  return (t, out) => {
    let i = 0
    while (i < positions.length && positions[i]! <= t) i++
    const before = Math.max(0, i - 1)
    const after = Math.min(positions.length - 1, i)
    const span = positions[after]! - positions[before]!
    let w = span > 0 ? Math.min(1, Math.max(0, (t - positions[before]!) / span)) : 0
    if (interpolation === 'step') w = 0
    else if (interpolation === 'smooth') w = w * w * (3 - 2 * w)
    const at = (c: number) => encoded[3 * before + c]! + (encoded[3 * after + c]! - encoded[3 * before + c]!) * w
    out.r = at(0)
    out.g = at(1)
    out.b = at(2)
  }
}
