import { z } from 'zod'
import { animated } from './animated.ts'
import { finite, name, nonNegative, positive, quat, vec3 } from './primitives.ts'

const resolution = z.tuple([z.number().int().min(1).max(16384), z.number().int().min(1).max(16384)])

/** A pinhole camera. It looks along −Z, +X right, +Y up; `rotation` is world-from-camera. */
export const cameraSchema = z.strictObject({
  name: name.default('camera'),
  type: z.literal('pinhole').default('pinhole'),
  /** Width and height in pixels. */
  resolution: resolution.default([256, 256]),
  position: animated(vec3),
  rotation: animated(quat),
  /** Millimetres. */
  focalLength: animated(z.number().min(0.001).max(100_000)).default(35),
  /** Millimetres across the image's width. Pixels are square. */
  sensorWidth: positive.default(32),
  /** Offset of the principal point from the image's centre, as a fraction of the width and of the height (right, down). */
  principalOffset: z.tuple([finite, finite]).default([0, 0]),
  /** Lens diameter in metres; 0 is a pinhole without depth of field. */
  aperture: animated(nonNegative).default(0),
  /** Distance of the plane in focus, along the optical axis, in metres. */
  focusDistance: animated(positive).default(1),
  /** Exposure as a fraction of the frame interval, centred on the frame's time; 0 freezes motion. */
  shutter: z.number().min(0).max(1).default(0),
})

export type Camera = z.infer<typeof cameraSchema>
