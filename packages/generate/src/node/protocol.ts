/** What the pool and its workers say to each other. Plain values; pixels are transferred, assets shared. */
import type { RadianceFrame } from '@dioramic/render'
import type { Assets } from '@dioramic/scene'
import type { ClipHead, FrameResult } from '../frame.ts'
import type { Settings } from '../settings.ts'
import type { Calibration } from './calibrate.ts'
import type { Cycles } from './cycles/cycles.ts'
import type { Oidn } from './oidn/oidn.ts'

/** A source that a worker can load by itself. */
export type SourceRef =
  | { readonly kind: 'builtin'; readonly name: string; readonly config: Readonly<Record<string, unknown>> }
  | { readonly kind: 'file'; readonly path: string; readonly config: Readonly<Record<string, unknown>> }
  | { readonly kind: 'scene'; readonly scene: unknown }

export interface WorkerSetup {
  readonly kernel: WebAssembly.Module
  readonly source: SourceRef
  readonly seed: number
  readonly settings: Settings
  readonly assets: Assets
  /** Makes the pictures, where it was asked for. */
  readonly cycles?: Cycles | undefined
  /** Denoises, where it was asked for. */
  readonly oidn?: Oidn | undefined
}

export type ToWorker =
  | { readonly type: 'open'; readonly clip: number; readonly calibrate: boolean }
  /** Makes a frame's light alone. */
  | { readonly type: 'light'; readonly clip: number; readonly frame: number }
  /** Makes a frame; of the light that is there, its own and that of frames beside it, by frame. */
  | { readonly type: 'frame'; readonly clip: number; readonly frame: number; readonly light: FrameLights }

/** Light of frames, one a camera, in shared memory. */
export type FrameLights = ReadonlyMap<number, readonly RadianceFrame[]>

/** `clip` is the same on every run, `trap` may be a fault of the thread, `machine` says nothing about the clip. */
export interface FrameFailure {
  readonly kind: 'clip' | 'trap' | 'machine'
  readonly code: string
  readonly reason: string
}

export type FromWorker =
  | { readonly type: 'opened'; readonly clip: number; readonly head: ClipHead; readonly calibration: Calibration | null }
  | { readonly type: 'light'; readonly clip: number; readonly frame: number; readonly light: readonly RadianceFrame[] }
  | { readonly type: 'frame'; readonly clip: number; readonly result: FrameResult }
  | { readonly type: 'failed'; readonly clip: number; readonly failure: FrameFailure }
