import { z } from 'zod'

export const number = z.number()
export const vec2 = z.tuple([number, number])
export const vec3 = z.tuple([number, number, number])
/** Unit quaternion x, y, z, w. */
export const quat = z
  .tuple([number, number, number, number])
  .refine(q => Math.abs(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3] - 1) < 1e-5, {
    message: 'a rotation must be a unit quaternion x, y, z, w',
  })
/** x0, y0, x1, y1 in pixels of the raster; x1, y1 exclusive. */
export const box2d = z.tuple([number, number, number, number])
/** Eight corners, world, metres. Corner i has x max where i & 4, y max where i & 2, z max where i & 1. */
export const box3d = z.tuple([vec3, vec3, vec3, vec3, vec3, vec3, vec3, vec3])
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a sha256 in hexadecimal')
export const fileEntry = z.strictObject({ sha256, bytes: z.number().int().min(0) })
export type FileEntry = z.infer<typeof fileEntry>
export const files = z.record(z.string(), fileEntry)
