import { z } from 'zod'

export const finite = z.number()
export const positive = z.number().positive()
export const nonNegative = z.number().min(0)
export const unit = z.number().min(0).max(1)
export const vec3 = z.tuple([finite, finite, finite])
/** A number that single precision computes with: beyond 1e15 its products overflow. */
export const single = z.number().min(-1e15).max(1e15)
/** A place in the world, metres. */
export const place = z.tuple([single, single, single])
/** Factors of an object's size: things larger than 1e9 times what they are made as have no room in single precision. */
const factor = positive.max(1e9)
export const scale3 = z.tuple([factor, factor, factor])
/** Linear RGB reflectance, each 0–1. */
export const colour = z.tuple([unit, unit, unit])
/** How strong light is. */
export const strength = single.min(0)
/** Linear RGB radiance or tint. */
export const radiance = z.tuple([strength, strength, strength])
/** Unit quaternion x, y, z, w. */
export const quat = z
  .tuple([finite, finite, finite, finite])
  .refine(q => Math.abs(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3] - 1) < 1e-6, {
    message: 'a rotation must be a unit quaternion x, y, z, w',
  })
/** Names that become file names and JSON keys. */
export const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'use letters, digits, _ and -')
