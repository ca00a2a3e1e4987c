import { z } from 'zod'
import { intrinsicsOf } from '../camera.ts'
import { foldOf } from '../lenses/projection.ts'
import { animated, isKeyframes } from './animated.ts'
import { finite, name, nonNegative, positive, quat, vec3 } from './primitives.ts'

const resolution = z.tuple([z.number().int().min(1).max(16384), z.number().int().min(1).max(16384)])

/** What every camera has. It looks along −Z, +X right, +Y up; `rotation` is world-from-camera. */
const common = {
  name: name.default('camera'),
  /** Width and height in pixels. */
  resolution: resolution.default([256, 256]),
  position: animated(vec3),
  rotation: animated(quat),
  /** Exposure as a fraction of the frame interval, centred on the frame's time; 0 freezes motion. */
  shutter: z.number().min(0).max(1).default(0),
  /** Rolling shutter: seconds from the first row's exposure to one row past the last. Row r of H is at t + ((r + ½)/H − ½)·readout; 0 is a global shutter. */
  readout: nonNegative.default(0),
}

const sensor = {
  /** Millimetres. */
  focalLength: animated(z.number().min(0.001).max(100_000)).default(35),
  /** Millimetres across the image's width. */
  sensorWidth: positive.default(32),
  /** Height of a pixel over its width: fy = fx / pixelAspect. */
  pixelAspect: positive.default(1),
  /** Offset of the principal point from the image's centre, as a fraction of the width and of the height (right, down). */
  principalOffset: z.tuple([finite, finite]).default([0, 0]),
}

const four = z.tuple([finite, finite, finite, finite]).default([0, 0, 0, 0])

/** Perspective, with a thin lens and OpenCV's distortion where asked for. */
const pinholeSchema = z.strictObject({
  type: z.literal('pinhole').default('pinhole'),
  ...common,
  ...sensor,
  /** Lens diameter in metres; 0 is a pinhole without depth of field. */
  aperture: animated(nonNegative).default(0),
  /** Distance of the plane in focus, along the optical axis, in metres. */
  focusDistance: animated(positive).default(1),
  /** Brown–Conrady distortion as OpenCV defines it. */
  distortion: z
    .strictObject({
      /** k1, k2, k3 above and k4, k5, k6 below the fraction; what is left out is 0. */
      k: z.array(finite).max(6).default([]),
      /** p1, p2: tangential. */
      p: z.tuple([finite, finite]).default([0, 0]),
      /** s1 … s4: thin prism. */
      s: four,
    })
    .optional(),
})

/** Equidistant fisheye, r = f·θ, and Kannala–Brandt's polynomial of it, as OpenCV's `fisheye`. Everything is sharp. */
const fisheyeSchema = z.strictObject({
  type: z.literal('fisheye'),
  ...common,
  ...sensor,
  /** k1 … k4. */
  distortion: four,
})

/** Parallel projection. Everything is sharp. */
const orthographicSchema = z.strictObject({
  type: z.literal('orthographic'),
  ...common,
  /** Metres across the picture's width. */
  extent: animated(positive),
  pixelAspect: sensor.pixelAspect,
  principalOffset: sensor.principalOffset,
})

/** The whole sphere as longitude and latitude; the middle of the picture looks along −Z. Everything is sharp. */
const equirectangularSchema = z.strictObject({ type: z.literal('equirectangular'), ...common })

const kinds = z.discriminatedUnion('type', [pinholeSchema, fisheyeSchema, orthographicSchema, equirectangularSchema])

/** A camera; `pinhole` where no type is given. Coefficients that fold inside the picture are refused. */
export const cameraSchema: typeof kinds = z
  .preprocess(input => (typeof input === 'object' && input !== null && !('type' in input) ? { type: 'pinhole', ...input } : input), kinds)
  .superRefine((camera, context) => {
    if (camera.type !== 'fisheye' && !(camera.type === 'pinhole' && camera.distortion)) return
    // Between keys the focal length stays between its values, and the shortest sees the widest.
    const { focalLength: f } = camera
    const focalLength = isKeyframes(f) ? Math.min(...f.keys.map(k => k[1])) : f
    const fold = foldOf(intrinsicsOf({ ...camera, focalLength }, 0))
    if (fold) context.addIssue({ code: 'custom', path: ['distortion'], message: fold })
  }) as unknown as typeof kinds

export type Camera = z.infer<typeof cameraSchema>
