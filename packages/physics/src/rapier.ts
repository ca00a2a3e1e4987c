/** The WASM physics engine, initialised once, and the few conversions it needs. */
import RAPIER from '@dimforge/rapier3d-deterministic-compat'
import type { Quat, Vec3 } from '@dioramic/scene'
import type { CollisionPart } from './collision.ts'

export type Rapier = typeof RAPIER

let loading: Promise<Rapier> | undefined

/** Loads the engine; later calls share the first one's promise. Works in Node and in browsers: the WASM is inlined. */
export function loadRapier(): Promise<Rapier> {
  loading ??= RAPIER.init().then(() => RAPIER)
  return loading
}

export const vector = (v: Vec3) => ({ x: v[0], y: v[1], z: v[2] })
export const rotation = (q: Quat) => ({ x: q[0], y: q[1], z: q[2], w: q[3] })
export const fromVector = (v: { x: number; y: number; z: number }): Vec3 => [v.x, v.y, v.z]
export const fromRotation = (q: { x: number; y: number; z: number; w: number }): Quat => [q.x, q.y, q.z, q.w]

/** Rapier's description of a collision part, at its place in the object's frame. */
export function colliderDesc(R: Rapier, { shape, position }: CollisionPart): RAPIER.ColliderDesc {
  return new R.ColliderDesc(rapierShape(R, shape)).setTranslation(...(position as [number, number, number]))
}

/** Rapier's description of several parts as one collider. */
export function compoundDesc(R: Rapier, parts: readonly CollisionPart[]): RAPIER.ColliderDesc {
  const shapes = parts.map(p => rapierShape(R, p.shape))
  const places = parts.map(p => vector(p.position))
  const turns = parts.map(() => ({ x: 0, y: 0, z: 0, w: 1 }))
  return new R.ColliderDesc(new R.Compound(shapes, places, turns))
}

function rapierShape(R: Rapier, shape: CollisionPart['shape']): RAPIER.Shape {
  switch (shape.type) {
    case 'ball':
      return new R.Ball(shape.radius)
    case 'cuboid':
      return new R.Cuboid(...(shape.half as [number, number, number]))
    case 'hull':
      return new R.ConvexPolyhedron(shape.points, null)
    case 'trimesh':
      // At edges inside a flat surface the face's normal holds, so that nothing trips over them.
      return new R.TriMesh(shape.points, shape.indices, R.TriMeshFlags.FIX_INTERNAL_EDGES)
  }
}
