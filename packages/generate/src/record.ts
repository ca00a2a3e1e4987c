/** What a sample says of its clip as a whole, and of one frame, from the labels' words. */
import type { FrameRecord, OutsideRecord, SampleHead } from '@dioramic/data'
import { type FrameLabels, type Label, labelClip } from '@dioramic/label'
import type { Clip } from './clip.ts'

/** Made once a clip, by whoever opens it. */
export interface ClipHead {
  readonly head: Omit<SampleHead, 'hashes' | 'configHash' | 'bytesEpoch'>
  readonly before: OutsideRecord
  readonly after: OutsideRecord
}

export function clipHead(clip: Clip, labels: readonly Label[]): ClipHead {
  const { scene, resolved, motion, source } = clip
  const { instances, events, before, after } = labelClip(resolved, motion, labels)
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
      objects: instances,
      collisions: (events ?? []) as unknown as SampleHead['collisions'],
    },
    before,
    after,
  }
}

/** The record of one frame. Poses are always in it: nothing else makes sense without them. */
export function frameRecord({ scene, motion }: Clip, frame: number, told: FrameLabels): FrameRecord {
  const t = frame / scene.fps
  return {
    frame,
    cameras: [told.camera],
    lights: told.lights ?? [],
    instances: told.instances.map((i, k) => ({ ...motion.pose(scene.objects[k]!.id, t), ...i })),
  }
}
