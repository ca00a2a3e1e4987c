/** Makes clips one after another in this thread: browsers, tests, and machines where threads do not pay. Same bytes as the pool. */
import type { Label } from '@dioramic/label'
import type { Renderer } from '@dioramic/render'
import type { Assets } from '@dioramic/scene'
import { makeClip } from './clip.ts'
import { isOutOfMemory, quarantineCode, RetryLaterError, reasonOf } from './error.ts'
import { type Beauty, type ClipHead, type Denoiser, type FrameResult, keptLight, makeFrame } from './frame.ts'
import { clipHead } from './record.ts'
import type { Settings } from './settings.ts'
import type { Source } from './source.ts'

/** Who receives what is made. */
export interface FrameSink {
  /** A clip was built; `head.head.frames` frames follow, in any order. */
  opened(clip: number, head: ClipHead): void
  /** A frame is made. Its maker goes on when the promise settles, so a slow disk slows the makers, not memory. */
  frame(clip: number, result: FrameResult): Promise<void>
  /** A clip can never be made; its frames so far are void. */
  quarantined(clip: number, code: string, reason: string): Promise<void>
}

export interface InlineOptions {
  readonly renderer: Renderer
  readonly source: Source
  readonly seed: number
  readonly settings: Settings
  readonly assets: Assets
  readonly labels: readonly Label[]
  readonly signal?: AbortSignal
  /** As of `makeFrame`. */
  readonly beauty?: Beauty | undefined
  readonly denoiser?: Denoiser | undefined
}

export async function runInline(clips: Iterable<number>, sink: FrameSink, options: InlineOptions): Promise<void> {
  const { renderer, source, seed, settings, assets, labels, signal, beauty, denoiser } = options
  for (const index of clips) {
    const made = await attempt(async () => {
      const clip = await makeClip({ source, seed, index, settings, assets })
      const loaded = renderer.load(clip.resolved, clip.motion)
      return { clip, loaded, head: clipHead(clip, loaded, labels) }
    })
    if ('error' in made) {
      await sink.quarantined(index, quarantineCode(made.error), reasonOf(made.error))
      continue
    }
    const { clip, loaded, head } = made.value
    sink.opened(index, head)
    const lightOf = keptLight(clip, loaded, labels)
    for (let frame = 0; frame < clip.scene.frames; frame++) {
      if (signal?.aborted) return
      const result = await attempt(async () => makeFrame(clip, loaded, frame, labels, { beauty, denoiser, lightOf }))
      if ('error' in result) {
        await sink.quarantined(index, quarantineCode(result.error), reasonOf(result.error))
        break
      }
      await sink.frame(index, result.value)
    }
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await work() }
  } catch (error) {
    if (isOutOfMemory(error)) throw new RetryLaterError(`${reasonOf(error)}; use a machine with more memory`)
    return { error }
  }
}
