/** What a sample says of its clip as a whole, and of one frame, from the labels' words. */

import { clipFile, encodeArrays, type FrameRecord, type OutsideRecord, type SampleFile, type SampleHead } from '@dioramic/data'
import { clipContext, type FrameLabels, type Label, labelClip } from '@dioramic/label'
import type { LoadedScene } from '@dioramic/render'
import type { Clip } from './clip.ts'

/** Made once a clip, by whoever opens it. */
export interface ClipHead {
  readonly head: Omit<SampleHead, 'hashes' | 'configHash' | 'bytesEpoch'>
  readonly before: OutsideRecord
  readonly after: OutsideRecord
  /** Labels of the whole clip that are files. */
  readonly files: readonly SampleFile[]
}

export function clipHead(clip: Clip, loaded: LoadedScene, labels: readonly Label[]): ClipHead {
  const { scene, resolved, motion, source } = clip
  const context = clipContext({ resolved, motion, rays: t => loaded.rays(t), key: clip.key.fork('labels') })
  const { instances, events, language, arrays, before, after } = labelClip(context, labels)
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
      ...(language ? { language } : {}),
      collisions: (events ?? []) as unknown as SampleHead['collisions'],
    },
    before,
    after,
    files: Object.entries(arrays).map(([name, members]) => ({ path: clipFile(name), bytes: encodeArrays(members) })),
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
