/** From labels to records: the fields of `label` under the names that `data` keeps them by. */
import type { FrameRecord, OutsideRecord, SampleHead } from '@dioramic/data'
import { type CollisionEvent, frameContext, type Label, labelClip, type labelFrame } from '@dioramic/label'
import { type Camera, cameraAt } from '@dioramic/scene'
import type { Clip } from './clip.ts'

/** What a sample says of its clip besides frames: made once, by whoever opens the clip. */
export interface ClipHead {
  readonly head: Omit<SampleHead, 'hashes' | 'configHash' | 'bytesEpoch'>
  readonly before: OutsideRecord
  readonly after: OutsideRecord
}

/** Per-frame fields whose name differs in a sample. */
const FIELD: Readonly<Record<string, string>> = { box: 'box2d', center: 'projectedCentre' }

const rename = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([k, v]) => [FIELD[k] ?? k, v]))

const collision = (e: CollisionEvent, fps: number): Record<string, unknown> => ({
  instances: e.objects,
  begin: e.begin,
  end: e.end,
  frame: e.beginFrame,
  endFrame: e.endFrame,
  impulse: e.impulse,
  maxForce: e.maxForce,
  maxForceTime: e.maxForceFrame / fps,
  position: e.point,
  normal: e.normal,
  relativeVelocity: e.relativeVelocity,
  imagePosition: e.image,
  depth: e.depth,
  inClip: e.inClip,
  inFrame: e.inFrame,
})

/** Poses of cameras and objects at one time, frame or not. */
function outside(clip: Clip, t: number): OutsideRecord {
  const { scene, motion } = clip
  return {
    cameras: scene.cameras.slice(0, 1).map((c: Camera) => cameraAt(c, t)),
    instances: scene.objects.map(o => ({ id: o.id, ...motion.pose(o.id, t) })),
  }
}

export function clipHead(clip: Clip, labels: readonly Label[]): ClipHead {
  const { scene, resolved, motion, source } = clip
  const told = labelClip(resolved, motion, labels)
  return {
    head: {
      world: source.name,
      config: source.config as never,
      seed: clip.seed,
      index: clip.index,
      resolution: scene.cameras[0]!.resolution,
      fps: scene.fps,
      frames: scene.frames,
      gravity: scene.gravity,
      metadata: scene.metadata as never,
      environment: (scene.environment ?? null) as never,
      objects: told.instances.map(i => ({ ...i, geometry: i.geometry.replace(/^asset:/, '') })),
      collisions: (told.events ?? []).map(e => collision(e, scene.fps)),
    },
    before: outside(clip, -1 / scene.fps),
    after: outside(clip, scene.frames / scene.fps),
  }
}

/** The record of one frame. Poses are always in it: nothing else makes sense without them. */
export function frameRecord(clip: Clip, frame: number, told: ReturnType<typeof labelFrame>): FrameRecord {
  const { scene, motion } = clip
  const t = frame / scene.fps
  return {
    frame,
    cameras: [told.camera],
    lights: told.lights ?? [],
    instances: told.instances.map((i, k) => ({ ...rename(i), ...motion.pose(scene.objects[k]!.id, t), id: i.id })),
  }
}

export { frameContext }
