/** The light of a clip's frames on its way from the workers that made it to those that finish frames with it. */
import type { RadianceFrame } from '@dioramic/render'
import { framesBeside } from '../frame.ts'
import type { Settings } from '../settings.ts'
import type { FrameLights } from './protocol.ts'

/** Keeps a frame's light until every frame that reads it is finished. */
export class ClipLights {
  private readonly frames: number
  private readonly settings: Settings
  private readonly light = new Map<number, readonly RadianceFrame[]>()
  private readonly finished = new Set<number>()

  constructor(frames: number, settings: Settings) {
    this.frames = frames
    this.settings = settings
  }

  /** Takes a frame's light; frames of which now all is there, in order. */
  add(frame: number, light: readonly RadianceFrame[]): number[] {
    this.light.set(frame, light)
    return this.reads(frame)
      .filter(f => this.reads(f).every(g => this.light.has(g)))
      .sort((a, b) => a - b)
  }

  /** What a frame is made of, as far as it is there. */
  of(frame: number): FrameLights {
    return new Map(this.reads(frame).flatMap(f => (this.light.has(f) ? [[f, this.light.get(f)!] as const] : [])))
  }

  /** Drops what no other frame will read; whether this was the last frame. */
  finish(frame: number): boolean {
    this.finished.add(frame)
    for (const f of this.light.keys()) if (this.reads(f).every(g => this.finished.has(g))) this.light.delete(f)
    return this.finished.size === this.frames
  }

  /** A frame and those beside it: what it reads, and what reads it. */
  private reads(frame: number): number[] {
    return [frame, ...framesBeside(frame, this.frames, this.settings)]
  }
}
