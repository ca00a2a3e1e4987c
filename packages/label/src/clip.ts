/** All chosen labels that hold for a whole clip: what never changes of each object, and the collision events. */
import type { Motion } from '@dioramic/physics'
import type { ResolvedScene } from '@dioramic/scene'
import type { Fields, Label } from './label.ts'
import { type CollisionEvent, clipEvents, events } from './labels/events.ts'

/** One object for the whole clip: always the fields named here, and those of the chosen labels. */
export type ClipInstance = Fields & {
  readonly id: number
  readonly name: string
  readonly category: string
  readonly isBackground: boolean
  /** Shape name, `asset:<id>`, or `mesh` for triangles given in the scene. */
  readonly geometry: string
  /** Per axis, object frame. */
  readonly scale: readonly number[]
  /** Of the mesh before scale, metres; object coordinates 0 and 1. */
  readonly bounds: { readonly min: readonly number[]; readonly max: readonly number[] }
  /** `dynamic`, `static`, `kinematic` or `none`. */
  readonly body: string
  /** What the world recorded about the object. */
  readonly metadata: Readonly<Record<string, unknown>>
}

export interface ClipLabels {
  /** One an object, in the scene's order. */
  readonly instances: readonly ClipInstance[]
  /** Null when `events` was not chosen. */
  readonly events: readonly CollisionEvent[] | null
}

/** Computes the chosen clip labels for camera `camera` (which only events depend on). */
export function labelClip(resolved: ResolvedScene, motion: Motion, labels: readonly Label[], camera = 0): ClipLabels {
  const { scene, objects } = resolved
  const instances = scene.objects.map((object, k) => {
    const geometry = scene.geometries[object.geometry]
    return {
      id: object.id,
      name: object.name,
      category: object.category,
      isBackground: object.isBackground,
      geometry: geometry.type === 'shape' ? geometry.shape : geometry.type === 'asset' ? `asset:${geometry.asset}` : 'mesh',
      scale: object.scale,
      bounds: objects[k].bounds,
      body: object.body.type,
      metadata: object.metadata,
    }
  })
  for (const label of labels) {
    if (label.kind !== 'constants') continue
    label.compute(resolved, motion).forEach((fields, k) => {
      Object.assign(instances[k], fields)
    })
  }
  return { instances, events: labels.includes(events) ? clipEvents(resolved, motion, camera) : null }
}
