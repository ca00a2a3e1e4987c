/** The JSON files of Kubric's MOVi workers, as far as they are read here. */
import { z } from 'zod'
import { number, vec2, vec3 } from '../../schema/primitives.ts'

/** w, x, y, z. */
export const quatWxyz = z.tuple([number, number, number, number])

export const moviInstance = z.looseObject({
  mass: number.optional(),
  friction: number.optional(),
  restitution: number.optional(),
  positions: z.array(vec3),
  quaternions: z.array(quatWxyz),
  velocities: z.array(vec3).optional(),
  angular_velocities: z.array(vec3).optional(),
  /** x, y over the picture, 0 to 1. */
  image_positions: z.array(vec2).optional(),
  /** Corner 4·ix + 2·iy + iz, world. */
  bboxes_3d: z.array(z.array(vec3).length(8)).optional(),
  /** Pixels a frame. */
  visibility: z.array(z.number().int().min(0)).optional(),
  /** ymin, xmin, ymax, xmax over the picture, far edges exclusive; one for each of `bbox_frames`. */
  bboxes: z.array(z.tuple([number, number, number, number])).optional(),
  bbox_frames: z.array(z.number().int().min(0)).optional(),
})
export type MoviInstance = z.infer<typeof moviInstance>

export const moviMetadata = z.looseObject({
  flags: z.record(z.string(), z.unknown()).optional(),
  metadata: z.looseObject({
    resolution: z.tuple([z.number().int().min(1), z.number().int().min(1)]),
    frame_rate: z.number().positive(),
    num_frames: z.number().int().min(1),
    gravity: vec3.optional(),
    num_instances: z.number().int().optional(),
    seed: z.number().nullable().optional(),
  }),
  camera: z.looseObject({
    focal_length: z.number().positive(),
    sensor_width: z.number().positive(),
    field_of_view: number.optional(),
    positions: z.array(vec3),
    quaternions: z.array(quatWxyz),
    K: z.array(z.array(number)).optional(),
    R: z.array(z.array(number)).optional(),
  }),
  instances: z.array(moviInstance),
})
export type MoviMetadata = z.infer<typeof moviMetadata>

export const moviEvents = z.looseObject({
  collisions: z.array(
    z.looseObject({
      /** Places in `instances`; −1 (65535 where it went through u16) is anything else. */
      instances: z.tuple([z.number().int(), z.number().int()]),
      /** Not whole, from the frame before the first picture on. */
      frame: number,
      force: number,
      position: vec3,
      contact_normal: vec3,
      image_position: vec2.optional(),
    }),
  ),
})
export type MoviEvents = z.infer<typeof moviEvents>

const range = z.object({ min: number, max: number })
export const moviRanges = z.looseObject({ forward_flow: range.optional(), backward_flow: range.optional() })
export type MoviRanges = z.infer<typeof moviRanges>
