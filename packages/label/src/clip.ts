/** All chosen labels that hold for a whole clip: what never changes of each object, and the collision events. */
import type { ClipArray, Language } from '@dioramic/data'
import type { Motion } from '@dioramic/physics'
import { type CameraState, cameraAt, type Quat, type ResolvedScene, type Vec3 } from '@dioramic/scene'
import type { ClipContext, Fields, Label } from './label.ts'
import { type CollisionEvent, clipEvents, events } from './labels/events.ts'
import { clipLanguage, language } from './labels/language.ts'

/** One object for the whole clip: always the fields named here, and those of the chosen labels. */
export type ClipInstance = Fields & {
  readonly id: number
  readonly name: string
  readonly category: string
  readonly isBackground: boolean
  /** Name of the shape, id of the asset, or the geometry's name in the scene for triangles given there. */
  readonly geometry: string
  /** Per axis, object frame. */
  readonly scale: readonly number[]
  /** Of the mesh before scale, metres; object coordinates 0 and 1. */
  readonly bounds: { readonly min: readonly number[]; readonly max: readonly number[] }
  /** True for a body with a skin or morph targets that is posed; then `bounds` are of the mesh at rest. Absent for a rigid one. */
  readonly deforms?: true
  /** `dynamic`, `static`, `kinematic` or `none`. */
  readonly bodyType: string
  /** What the world recorded about the object. */
  readonly metadata: Readonly<Record<string, unknown>>
}

/** Cameras and poses at one time. */
export interface State {
  readonly cameras: readonly CameraState[]
  readonly instances: readonly { readonly id: number; readonly position: Vec3; readonly rotation: Quat }[]
}

export interface ClipLabels {
  /** One an object, in the scene's order. */
  readonly instances: readonly ClipInstance[]
  /** Null when `events` was not chosen. */
  readonly events: readonly CollisionEvent[] | null
  /** Null when `language` was not chosen. */
  readonly language: Language | null
  /** Those of the chosen labels that are arrays, by the name of their file. */
  readonly arrays: Readonly<Record<string, Readonly<Record<string, ClipArray>>>>
  /** At −1/fps and at frames/fps: where the first backward and the last forward flow lead. */
  readonly before: State
  readonly after: State
}

function stateAt({ scene }: ResolvedScene, motion: Motion, t: number): State {
  return {
    cameras: scene.cameras.map(camera => cameraAt(camera, t)),
    instances: scene.objects.map(({ id }) => ({ id, ...motion.pose(id, t) })),
  }
}

/** Computes the chosen clip labels, as the context's camera sees the clip. */
export function labelClip(context: ClipContext, labels: readonly Label[]): ClipLabels {
  const { resolved, motion, camera } = context
  const { scene, objects } = resolved
  const instances = scene.objects.map((object, k) => {
    const geometry = scene.geometries[object.geometry]
    return {
      id: object.id,
      name: object.name,
      category: object.category,
      isBackground: object.isBackground,
      geometry: geometry.type === 'shape' ? geometry.shape : geometry.type === 'asset' ? geometry.asset : object.geometry,
      scale: object.scale,
      bounds: objects[k].bounds,
      bodyType: object.body.type,
      metadata: object.metadata,
      ...(objects[k].deformation ? { deforms: true as const } : {}),
    }
  })
  for (const label of labels) {
    if (label.kind !== 'constants') continue
    label.compute(resolved, motion).forEach((fields, k) => {
      Object.assign(instances[k], fields)
    })
  }
  return {
    instances,
    arrays: Object.fromEntries(labels.flatMap(l => (l.kind === 'arrays' ? [[l.name, l.compute(context)]] : []))),
    events: labels.includes(events) ? clipEvents(resolved, motion, camera) : null,
    language: labels.includes(language) ? clipLanguage(context) : null,
    before: stateAt(resolved, motion, -1 / scene.fps),
    after: stateAt(resolved, motion, scene.frames / scene.fps),
  }
}
