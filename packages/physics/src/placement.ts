/** Overlap queries at build time: where can an object go without touching what is there? Same shapes as the simulation. */
import type { Collider, World } from '@dimforge/rapier3d-deterministic-compat'
import { type Geometry, quat, type Vec3, vec3 } from '@dioramic/scene'
import { type CollisionPart, type CollisionSource, collisionParts } from './collision.ts'
import { PhysicsError } from './error.ts'
import type { Pose } from './motion.ts'
import { colliderDesc, type Rapier, rotation, vector } from './rapier.ts'

/** An object as the placement sees it. */
export interface PlacementItem {
  /** How errors and `overlaps` call it. */
  readonly label: string
  readonly geometry: Geometry
  /** Mesh, hulls and bounds of the unscaled geometry, as `resolveScene` gives them. */
  readonly source: CollisionSource
  readonly scale: Vec3
  /** False for static and kinematic objects, whose inline meshes collide as they are; planes are always static. Default true. */
  readonly moves?: boolean
}

export interface PlaceOptions {
  /** Default 100, as Kubric. */
  readonly trials?: number
  /** Metres to keep free around the object; default 0. */
  readonly clearance?: number
}

interface Piece {
  readonly part: CollisionPart
  readonly collider: Collider
  /** Radius about the part's own origin, m. */
  readonly radius: number
  centre: Vec3
}

/** A set of placed objects. Holds WASM memory: call `free()` when done. */
export class PlacementSpace {
  readonly #R: Rapier
  readonly #world: World
  readonly #placed: { readonly label: string; readonly pieces: readonly Piece[] }[] = []
  /** The object asked about last; worlds ask for many poses of one object. */
  #candidate: { readonly item: PlacementItem; readonly pieces: readonly Piece[] } | null = null

  constructor(R: Rapier) {
    this.#R = R
    this.#world = new R.World({ x: 0, y: 0, z: 0 })
  }

  /** Puts an object there, whatever it overlaps. */
  add(item: PlacementItem, pose: Pose): void {
    const pieces = this.#pieces(item)
    move(pieces, pose)
    this.#candidate = null
    this.#placed.push({ label: item.label, pieces })
  }

  /**
   * The label of an object that `item` at `pose` overlaps or comes nearer than `clearance` metres to; null when the place is free.
   * Exact for the collision shapes, to single precision.
   */
  overlaps(item: PlacementItem, pose: Pose, clearance = 0): string | null {
    const pieces = this.#pieces(item)
    move(pieces, pose)
    for (const { label, pieces: others } of this.#placed) {
      for (const a of pieces) {
        for (const b of others) {
          const reach = a.radius + b.radius + clearance
          const d = vec3.sub(a.centre, b.centre)
          if (vec3.dot(d, d) > reach * reach) continue
          const contact = a.collider.contactCollider(b.collider, clearance)
          if (contact !== null && contact.distance <= clearance) return label
        }
      }
    }
    return null
  }

  /**
   * Tries the poses that `draw(trial)` gives until one is free, adds the object there and returns it.
   * @throws PhysicsError naming the object and what was in the way, after `trials` poses.
   */
  place(item: PlacementItem, draw: (trial: number) => Pose, options: PlaceOptions = {}): Pose {
    const { trials = 100, clearance = 0 } = options
    let blocker: string | null = null
    for (let trial = 0; trial < trials; trial++) {
      const pose = draw(trial)
      const hit = this.overlaps(item, pose, clearance)
      if (hit === null) {
        this.add(item, pose)
        return pose
      }
      blocker = hit
    }
    throw new PhysicsError(
      `${item.label} found no free place in ${trials} trials (the last one overlapped ${blocker}); use fewer or smaller objects, or a larger region`,
    )
  }

  /** Returns all WASM memory. */
  free(): void {
    this.#world.free()
  }

  #pieces(item: PlacementItem): readonly Piece[] {
    const last = this.#candidate
    if (last !== null) {
      const same = last.item.source === item.source && last.item.geometry === item.geometry && last.item.moves === item.moves
      if (same && vec3.distance(last.item.scale, item.scale) === 0) return last.pieces
      for (const p of last.pieces) this.#world.removeCollider(p.collider, false)
      this.#candidate = null
    }
    const plane = item.geometry.type === 'shape' && item.geometry.shape === 'plane'
    const parts = collisionParts(item.geometry, item.source, item.scale, !plane && (item.moves ?? true), item.label)
    const pieces = parts.map(
      (part): Piece => ({
        part,
        collider: this.#world.createCollider(colliderDesc(this.#R, part)),
        radius: radiusOf(part),
        centre: [0, 0, 0],
      }),
    )
    this.#candidate = { item, pieces }
    return pieces
  }
}

function move(pieces: readonly Piece[], pose: Pose): void {
  for (const piece of pieces) {
    piece.centre = vec3.add(pose.position, quat.rotate(pose.rotation, piece.part.position))
    piece.collider.setTranslation(vector(piece.centre))
    piece.collider.setRotation(rotation(pose.rotation))
  }
}

function radiusOf({ shape }: CollisionPart): number {
  switch (shape.type) {
    case 'ball':
      return shape.radius
    case 'cuboid':
      return vec3.length(shape.half)
    default: {
      let most = 0
      const p = shape.points
      for (let i = 0; i < p.length; i += 3) most = Math.max(most, p[i]! * p[i]! + p[i + 1]! * p[i + 1]! + p[i + 2]! * p[i + 2]!)
      return Math.sqrt(most)
    }
  }
}
