/** Joins frames into clips and clips into a data set, whatever order they come in. */
import { assembleSample, type DatasetWriter, type FrameRecord, hashConfig, type SampleEntry } from '@dioramic/data'
import type { ClipHead, FrameResult } from './frame.ts'
import type { FrameSink } from './inline.ts'

export interface CollectorEvents {
  opened?(clip: number, frames: number): void
  frame?(clip: number, frame: number, rays: number): void
  committed?(entry: SampleEntry): void
  quarantined?(clip: number, code: string, reason: string): void
}

interface OpenClip {
  readonly head: ClipHead
  readonly records: FrameRecord[]
}

/** A sink that writes to a data set. Frames of one clip are written one after another; clips side by side. */
export class Collector implements FrameSink {
  private readonly writer: DatasetWriter
  private readonly events: CollectorEvents
  private readonly open = new Map<number, OpenClip>()
  /** The last write of each clip, so that quarantine waits for it. */
  private readonly tails = new Map<number, Promise<void>>()

  constructor(writer: DatasetWriter, events: CollectorEvents = {}) {
    this.writer = writer
    this.events = events
  }

  opened(clip: number, head: ClipHead): void {
    this.open.set(clip, { head, records: [] })
    this.events.opened?.(clip, head.head.frames)
  }

  frame(clip: number, result: FrameResult): Promise<void> {
    return this.after(clip, async () => {
      const state = this.open.get(clip)
      // Quarantined meanwhile by another frame.
      if (!state) return
      await this.writer.addFrameFiles(
        clip,
        result.files.map(({ path, bytes }) => ({ path, bytes })),
      )
      state.records.push(result.record)
      this.events.frame?.(clip, result.frame, result.rays.closest + result.rays.shadow)
      if (state.records.length === state.head.head.frames) await this.commit(clip, state)
    })
  }

  quarantined(clip: number, code: string, reason: string): Promise<void> {
    return this.after(clip, async () => {
      this.open.delete(clip)
      await this.writer.quarantine({ index: clip, code, reason })
      this.events.quarantined?.(clip, code, reason)
    })
  }

  /** Settles when nothing is being written. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.tails.values())
  }

  private async commit(clip: number, { head, records }: OpenClip): Promise<void> {
    const { recipe } = this.writer
    await this.writer.addFrameFiles(clip, head.files)
    const body = assembleSample(
      { ...head.head, configHash: hashConfig(head.head.config), bytesEpoch: recipe.bytesEpoch, hashes: recipe.hashes },
      records,
      { before: head.before, after: head.after },
    )
    const entry = await this.writer.commitSample(clip, body)
    this.open.delete(clip)
    this.tails.delete(clip)
    this.events.committed?.(entry)
  }

  private after(clip: number, work: () => Promise<void>): Promise<void> {
    const next = (this.tails.get(clip) ?? Promise.resolve()).then(work)
    this.tails.set(clip, next)
    next.catch(() => {})
    return next
  }
}
