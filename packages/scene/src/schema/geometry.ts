import { z } from 'zod'
import { finite } from './primitives.ts'

export const SHAPE_NAMES = [
  'cone',
  'cube',
  'cylinder',
  'gear',
  'monkey',
  'plane',
  'quadruped',
  'sphere',
  'sponge',
  'teapot',
  'torus',
  'torus-knot',
] as const
export type ShapeName = (typeof SHAPE_NAMES)[number]

/** What an object is made of, in its own frame (metres before the object's scale). */
export const geometrySchema = z.discriminatedUnion('type', [
  /** A shape of this package: longest edge of its bounds 1, origin at its centre of mass, +Z up. `plane` is the square [−½, ½]² at z = 0, facing +Z. */
  z.strictObject({ type: z.literal('shape'), shape: z.enum(SHAPE_NAMES) }),
  /** Triangles given in the scene itself. */
  z.strictObject({
    type: z.literal('mesh'),
    /** x, y, z of every vertex. */
    positions: z.array(finite).min(9),
    /** Three vertex indices a triangle, counter-clockwise seen from outside. */
    indices: z.array(z.number().int().min(0)).min(3),
    /** Unit vertex normals; without them faces are flat. */
    normals: z.array(finite).optional(),
    /** u, v of every vertex. */
    uvs: z.array(finite).optional(),
  }),
  /** An object of the asset library, by id. */
  z.strictObject({
    type: z.literal('asset'),
    asset: z.string().min(1),
    sha256: z.string().optional(),
    /** What collides: the hulls that came with the asset (`given`, the default), or hulls of the mesh that is seen, where those are too coarse to hold something. */
    hulls: z.enum(['given', 'visual']).optional(),
  }),
])
export type Geometry = z.infer<typeof geometrySchema>
