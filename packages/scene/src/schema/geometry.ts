import { z } from 'zod'
import { finite, quat, single, vec3 } from './primitives.ts'

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

const whole = z.number().int().min(0)

/** One joint of a tree. Its place at rest is in its parent's frame, or in the object's where it has none. */
const jointSchema = z.strictObject({
  name: z.string().min(1),
  /** Name of another joint; the tree may have several roots. */
  parent: z.string().min(1).optional(),
  /** Metres. */
  translation: vec3.default([0, 0, 0]),
  rotation: quat.default([0, 0, 0, 1]),
  scale: vec3.default([1, 1, 1]),
  /** Row-major 3×4 joint-from-object matrix of the pose in which the mesh was bound to the joints. Absent: the pose at rest. */
  inverseBind: z.array(finite).length(12).optional(),
})

/** Linear-blend skin: a vertex goes where the mean of its joints, weighted, takes it. */
const skinSchema = z.strictObject({
  joints: z.array(jointSchema).min(1).max(65535),
  /** Four a vertex: places in `joints` … */
  indices: z.array(whole),
  /** … and how much each counts; the four sum to 1. */
  weights: z.array(z.number().min(0).max(1)),
})

/** A target shape: what a weight of 1 adds to every vertex. */
const morphSchema = z.strictObject({
  name: z.string().min(1),
  /** x, y, z to add to every vertex, metres. */
  positions: z.array(finite),
  /** x, y, z to add to every vertex normal; made from the faces where the mesh has normals and this has none. */
  normals: z.array(finite).optional(),
})

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
    indices: z.array(whole).min(3),
    /** Unit vertex normals; without them faces are flat. */
    normals: z.array(finite).optional(),
    /** u, v of every vertex. */
    uvs: z.array(single).optional(),
    /** Consecutive runs of triangles, each with a material of its own (`object.material`, one a part); they cover all triangles. One part without them. */
    parts: z
      .array(z.strictObject({ name: z.string().min(1), triangles: z.number().int().min(1) }))
      .min(1)
      .optional(),
    /** Convex pieces that collide, x, y, z of each one's vertices: for meshes put together from convex solids. Without them the mesh is decomposed. */
    hulls: z.array(z.array(finite).min(12)).min(1).optional(),
    /** What joints carry; objects pose them (`object.pose`). */
    skin: skinSchema.optional(),
    /** Shapes to mix in before the skin, by the weights of `object.pose`. */
    morphs: z.array(morphSchema).min(1).optional(),
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
