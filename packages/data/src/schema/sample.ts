/** sample.json: all that is known of one clip besides its pixels. Arrays are columnar, first axis = frame, so that NumPy takes them whole. */
import { z } from 'zod'
import { languageSchema } from '../language/schema.ts'
import { box2d, box3d, files, number, quat, sha256, vec2, vec3 } from './primitives.ts'

export const SAMPLE_VERSION = 1

const nullable = <T extends z.ZodType>(t: T) => t.nullable()

/** A camera at one time. Intrinsics in pixels of the raster. */
export const cameraState = z.object({ fx: number, fy: number, cx: number, cy: number, position: vec3, rotation: quat })
export interface CameraPose {
  readonly fx: number
  readonly fy: number
  readonly cx: number
  readonly cy: number
  readonly position: readonly [number, number, number]
  readonly rotation: readonly [number, number, number, number]
}

/** A camera over the clip; arrays have one entry a frame. */
export const cameraTrack = z.looseObject({
  name: z.string().min(1),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
  fx: z.array(number),
  fy: z.array(number),
  cx: z.array(number),
  cy: z.array(number),
  /** Metres, world. */
  positions: z.array(vec3),
  /** World from camera. */
  rotations: z.array(quat),
  /** Lens diameter and plane in focus, metres. */
  apertures: z.array(number),
  focusDistances: z.array(nullable(number)),
  /** State at −1/fps and at frames/fps: where the first backward and the last forward flow lead. */
  before: cameraState.optional(),
  after: cameraState.optional(),
})
export type CameraTrack = z.infer<typeof cameraTrack>

const pose = z.object({ position: vec3, rotation: quat })

/** An object over the clip: constants, then columns of one entry a frame. Image-space columns belong to `cameras[0]`. Labels may add columns. */
export const instanceTrack = z.looseObject({
  /** Value of this object in the layer `segmentation`. */
  id: z.number().int().min(1),
  name: z.string().min(1),
  category: z.string(),
  isBackground: z.boolean(),
  /** Name of the shape or id of the asset. */
  geometry: z.string(),
  metadata: z.record(z.string(), z.json()),
  /** Bounds of the unscaled mesh in the object's frame, metres. */
  bounds: z.object({ min: vec3, max: vec3 }),
  scale: vec3,
  /** Kilograms; null is immovable. */
  mass: nullable(number).optional(),
  friction: nullable(number).optional(),
  restitution: nullable(number).optional(),
  /** Principal moments, kg m². */
  inertia: nullable(z.array(nullable(number))).optional(),
  positions: z.array(vec3),
  rotations: z.array(quat),
  /** m/s of the object's origin and rad/s, world. */
  velocities: z.array(vec3).optional(),
  angularVelocities: z.array(vec3).optional(),
  visiblePixels: z.array(z.number().int().min(0)).optional(),
  boxes2d: z.array(nullable(box2d)).optional(),
  boxes2dAmodal: z.array(nullable(box2d)).optional(),
  boxes3d: z.array(box3d).optional(),
  /** Projection of the object's origin, raster pixels; null behind the camera. */
  projectedCentres: z.array(nullable(vec2)).optional(),
  before: pose.optional(),
  after: pose.optional(),
})
export type InstanceTrack = z.infer<typeof instanceTrack>

/** A contact between two objects, merged over the steps it lasted. */
export const collision = z.looseObject({
  /** Ids, ascending. */
  instances: z.tuple([z.number().int(), z.number().int()]),
  /** Seconds; `end` is null while still touching at the end. */
  begin: number,
  end: nullable(number),
  /** begin · fps: image f shows time f. */
  frame: number,
  /** N s. */
  impulse: number,
  /** N, and seconds. */
  maxForce: number,
  maxForceTime: number,
  /** World, metres; at the first touching step. */
  position: vec3,
  /** From the first object to the second. */
  normal: vec3,
  /** m/s, of the second object relative to the first. */
  relativeVelocity: vec3,
  /** Raster pixels through cameras[0] at `begin`; null behind it. */
  imagePosition: nullable(vec2).optional(),
})
export type Collision = z.infer<typeof collision>

/** What another camera than the first sees: columns and fields that differ from those of `instances` and `events`. */
export const cameraView = z.strictObject({
  /** A name in `cameras`. Its files are in views/<camera>/. */
  camera: z.string().min(1),
  resolution: z.tuple([z.number().int().min(1), z.number().int().min(1)]),
  instances: z.array(z.looseObject({ id: z.number().int().min(1) })),
  /** One a collision. */
  collisions: z.array(z.record(z.string(), z.json())),
})

export const sampleSchema = z.strictObject({
  version: z.literal(SAMPLE_VERSION),
  world: z.string(),
  config: z.json(),
  configHash: sha256,
  seed: z.number().int().min(0),
  index: z.number().int().min(0),
  bytesEpoch: z.number().int().min(0),
  /** sha256 (or version) of all that the bytes depend on: kernel, physics, codecs, each asset. */
  hashes: z.record(z.string(), z.string()),
  resolution: z.tuple([z.number().int().min(1), z.number().int().min(1)]),
  fps: z.number().positive(),
  frames: z.number().int().min(1),
  /** m/s². */
  gravity: vec3,
  metadata: z.record(z.string(), z.json()),
  cameras: z.array(cameraTrack).min(1),
  /** One record a light: constants and columns. */
  lights: z.array(z.record(z.string(), z.json())),
  environment: z.json(),
  instances: z.array(instanceTrack),
  events: z.object({ collisions: z.array(collision) }),
  /** One a camera after the first. */
  views: z.array(cameraView).optional(),
  /** What is said of the clip, each sentence with its program. */
  language: languageSchema.optional(),
  /** Every other file of the sample, by path from the sample's folder. */
  files,
})
export type Sample = z.infer<typeof sampleSchema>
/** A sample before its files are known. */
export type SampleBody = Omit<Sample, 'files' | 'version'>
