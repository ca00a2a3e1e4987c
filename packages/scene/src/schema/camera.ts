import { z } from 'zod'
import { intrinsicsOf } from '../camera.ts'
import type { Intrinsics } from '../lenses/lens.ts'
import { foldOf } from '../lenses/projection.ts'
import { animated, isKeyframes } from './animated.ts'
import { finite, name, nonNegative, place, positive, quat } from './primitives.ts'
import { sensorSchema } from './sensor.ts'

const resolution = z.tuple([z.number().int().min(1).max(16384), z.number().int().min(1).max(16384)])

/** What every camera has. It looks along −Z, +X right, +Y up; `rotation` is world-from-camera. */
const common = {
  name: name.default('camera'),
  /** Width and height in pixels. */
  resolution: resolution.default([256, 256]),
  position: animated(place),
  rotation: animated(quat),
  /** Exposure as a fraction of the frame interval, centred on the frame's time; 0 freezes motion. */
  shutter: z.number().min(0).max(1).default(0),
  /** Rolling shutter: seconds from the first row's exposure to one row past the last. Row r of H is at t + ((r + ½)/H − ½)·readout; 0 is a global shutter. */
  readout: nonNegative.default(0),
  /** Imperfections of the picture; labels know nothing of them. Absent: none. */
  sensor: sensorSchema.optional(),
}

const film = {
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
  ...film,
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
  ...film,
  /** k1 … k4. */
  distortion: four,
})

/** Parallel projection. Everything is sharp. */
const orthographicSchema = z.strictObject({
  type: z.literal('orthographic'),
  ...common,
  /** Metres across the picture's width. */
  extent: animated(positive),
  pixelAspect: film.pixelAspect,
  principalOffset: film.principalOffset,
})

/** The whole sphere as longitude and latitude; the middle of the picture looks along −Z. Everything is sharp. */
const equirectangularSchema = z.strictObject({ type: z.literal('equirectangular'), ...common })

const kinds = z.discriminatedUnion('type', [pinholeSchema, fisheyeSchema, orthographicSchema, equirectangularSchema], {
  // The own message lists what no type at all stands for, too.
  error: issue =>
    issue.code === 'invalid_union' ? 'expected pinhole (also without a type), fisheye, orthographic or equirectangular' : undefined,
})

/** Pixels: focal lengths and principal points within it are told apart from the pixel next to them in single precision squared. */
const [LEAST, MOST] = [1e-9, 1e9]

/** Says which of a picture's constants is beyond use, if one is. */
function outOfRange({ fx, fy, cx, cy }: Intrinsics): string[] {
  const focal = [fx, fy].find(f => !(f >= LEAST && f <= MOST))
  const centre = [cx, cy].find(c => !(Math.abs(c) <= MOST))
  return [
    ...(focal === undefined ? [] : [`the focal length comes to ${focal} pixels; it must be from ${LEAST} to ${MOST}`]),
    ...(centre === undefined ? [] : [`principalOffset puts the principal point ${centre} pixels away; it must be within ${MOST}`]),
  ]
}

/** A camera; `pinhole` where no type is given. Coefficients that fold inside the picture are refused. */
export const cameraSchema: typeof kinds = z
  .preprocess(input => (typeof input === 'object' && input !== null && !('type' in input) ? { type: 'pinhole', ...input } : input), kinds)
  .superRefine((camera, context) => {
    if (camera.type === 'equirectangular') {
      const { vignetting = 0, chromaticAberration = [0, 0] } = camera.sensor ?? {}
      if (vignetting > 0 || chromaticAberration.some(x => x !== 0))
        context.addIssue({
          code: 'custom',
          path: ['sensor'],
          message: 'a whole sphere has no optical axis; set vignetting and chromaticAberration to 0',
        })
      return
    }
    const key = camera.type === 'orthographic' ? 'extent' : 'focalLength'
    const value = camera.type === 'orthographic' ? camera.extent : camera.focalLength
    const values = isKeyframes(value) ? value.keys.map(k => k[1]) : [value]
    const seen = [Math.min(...values), Math.max(...values)].map(v => intrinsicsOf({ ...camera, [key]: v } as typeof camera, 0))
    const wrong = seen.flatMap(outOfRange)[0]
    if (wrong) return context.addIssue({ code: 'custom', path: [key], message: wrong })
    // Between keys the focal length stays between its values, and the shortest sees the widest.
    if (camera.type !== 'fisheye' && !(camera.type === 'pinhole' && camera.distortion)) return
    const fold = foldOf(seen[0]!)
    if (fold) context.addIssue({ code: 'custom', path: ['distortion'], message: fold })
  }) as unknown as typeof kinds

export type Camera = z.infer<typeof cameraSchema>
