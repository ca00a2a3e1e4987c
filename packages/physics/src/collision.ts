/** The collision shape of an object: exact primitives where the geometry is one, convex hulls otherwise. */
import { type Geometry, type ResolvedObject, type Vec3, vec3 } from '@dioramic/scene'
import { PhysicsError } from './error.ts'
import { hullVolume } from './hull.ts'
import { ellipsoidHull, roundHulls } from './round.ts'

/** What collides, before scale. `ResolvedObject` has these fields. */
export type CollisionSource = Pick<ResolvedObject, 'mesh' | 'hulls' | 'bounds'>

/** One convex piece (or a fixed triangle mesh) at a place in the scaled object's frame, metres. */
export interface CollisionPart {
  readonly shape: CollisionShape
  readonly position: Vec3
  /** Radius, m, on which it rolls; 0 for what has real facets. */
  readonly rollingRadius: number
}

export type CollisionShape =
  | { readonly type: 'ball'; readonly radius: number }
  | { readonly type: 'cuboid'; readonly half: Vec3 }
  | { readonly type: 'hull'; readonly points: Float32Array }
  | { readonly type: 'trimesh'; readonly points: Float32Array; readonly indices: Uint32Array }

const ORIGIN: Vec3 = [0, 0, 0]

/**
 * The collision parts of a geometry under a scale.
 *
 * - `sphere` (uniform scale) and `cube` are exact; other ellipsoids, `cylinder` and `cone` are fine polyhedra of the same volume (`round.ts`).
 * - `plane` is a slab whose top is the square: a quarter of its shorter side thick, at least 2 cm and at most 1 m, so that nothing tunnels.
 * - A `mesh` written in the scene without hulls keeps its own triangles where it does not move, so that bowls, ramps and domes stay open.
 * - All else, dynamic meshes included, is the compound of its hulls.
 *
 * @param label how errors call the object.
 * @throws PhysicsError for degenerate hulls or none, and for a moving plane.
 */
export function collisionParts(
  geometry: Geometry,
  source: CollisionSource,
  scale: Vec3,
  moves: boolean,
  label: string,
  objectId: number | null = null,
): CollisionPart[] {
  const part = (shape: CollisionShape, position: Vec3 = ORIGIN, rollingRadius = 0): CollisionPart[] => [{ shape, position, rollingRadius }]
  const { min, max } = source.bounds
  const half: Vec3 = [((max[0] - min[0]) / 2) * scale[0], ((max[1] - min[1]) / 2) * scale[1], ((max[2] - min[2]) / 2) * scale[2]]
  const centre = vec3.mul([(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2], scale)
  const largest = Math.max(half[0], half[1], half[2])
  if (!(largest > 1e-5 && largest < 1e5))
    throw new PhysicsError(
      `${label} measures ${2 * largest} m; physics works from 0.02 mm to 200 km. Check its scale and the unit of its mesh`,
      objectId,
    )
  if (geometry.type === 'shape') {
    const flat = geometry.shape
    if (flat === 'plane') {
      if (moves)
        throw new PhysicsError(`${label} is a dynamic plane, which has no volume; use a thin cube or make its body static`, objectId)
      const thickness = Math.min(1, Math.max(0.02, Math.min(half[0], half[1]) / 2))
      return part({ type: 'cuboid', half: [half[0], half[1], thickness / 2] }, [centre[0], centre[1], centre[2] - thickness / 2])
    }
    if (flat === 'cube') return part({ type: 'cuboid', half }, centre)
    if (flat === 'sphere') {
      if (scale[0] === scale[1] && scale[1] === scale[2]) return part({ type: 'ball', radius: half[2] }, centre, half[2])
      return part({ type: 'hull', points: ellipsoidHull(half) }, centre)
    }
    if (flat === 'cylinder' || flat === 'cone') {
      return roundHulls(flat, half).map(points => ({
        shape: { type: 'hull', points },
        position: centre,
        rollingRadius: half[0] === half[1] ? half[0] : 0,
      }))
    }
  }
  if (geometry.type === 'mesh' && !moves && !geometry.hulls) {
    return part({ type: 'trimesh', points: scaled(source.mesh.positions, scale), indices: source.mesh.indices })
  }
  if (source.hulls.length === 0)
    throw new PhysicsError(`${label} has no collision hulls; give it some, or set its body to { type: 'none' }`, objectId)
  return source.hulls.flatMap((hull, i) => {
    const points = distinct(scaled(hull, scale))
    const volume = hullVolume(points)
    if (!(volume > 1e-9 * largest * largest * largest)) {
      throw new PhysicsError(
        `${label}: collision hull ${i} has no volume (${points.length / 3} distinct points); remove it or give it thickness`,
        objectId,
      )
    }
    return part({ type: 'hull', points })
  })
}

function scaled(points: Float32Array, scale: Vec3): Float32Array {
  return points.map((x, i) => x * scale[i % 3]!)
}

/** Points that differ; Rapier's hull builder is given no duplicates. */
function distinct(points: Float32Array): Float32Array {
  const seen = new Set<string>()
  const out: number[] = []
  for (let i = 0; i < points.length; i += 3) {
    const key = `${points[i]},${points[i + 1]},${points[i + 2]}`
    if (seen.has(key)) continue
    seen.add(key)
    out.push(points[i]!, points[i + 1]!, points[i + 2]!)
  }
  return new Float32Array(out)
}
