/** A run: plan, resume, make, finish. The same bytes for any number of workers, shards and interruptions. */
import { hostname } from 'node:os'
import { type BlobStore, type Dataset, DatasetWriter, type Quarantine, type Recipe, type SampleEntry } from '@dioramic/data'
import { labelName, selectLabels } from '@dioramic/label'
import { createRenderer } from '@dioramic/render'
import { loadKernel } from '@dioramic/render/node'
import { type Assets, NO_ASSETS, resolveScene } from '@dioramic/scene'
import { clipKey, clipScene } from '../clip.ts'
import { Collector } from '../collect.ts'
import { withEnvironments } from '../environments.ts'
import { GenerateError } from '../error.ts'
import { runInline } from '../inline.ts'
import { type Format, planRecipe } from '../recipe.ts'
import type { Settings } from '../settings.ts'
import type { Source } from '../source.ts'
import { type Cycles, cyclesBeauty } from './cycles/cycles.ts'
import { engineHashes } from './hashes.ts'
import { workerCount } from './limits.ts'
import { type Oidn, oidnDenoiser } from './oidn/oidn.ts'
import { runPool } from './pool.ts'
import type { SourceRef } from './protocol.ts'
import { type Shard, shardIndices, WHOLE } from './shard.ts'
import { share } from './share.ts'
import { loadSource } from './sources.ts'

export interface GenerateOptions {
  readonly source: SourceRef
  readonly store: BlobStore
  readonly seed: number
  readonly count: number
  readonly settings: Settings
  readonly assets?: Assets
  /** sha256 of what `assets` was read from, by name. */
  readonly assetHashes?: Readonly<Record<string, string>>
  readonly formats?: readonly Format[]
  readonly shard?: Shard
  /** Go on with what the store holds; without it the store must be empty. */
  readonly resume?: boolean
  /** Threads; 0 makes everything in this one. One a CPU by default, as far as memory goes. */
  readonly workers?: number
  /** Seconds that one frame may take; 3600. */
  readonly timeout?: number
  /** Abort to stop: whole clips are kept, the data set is closed properly. */
  readonly signal?: AbortSignal
  /** Makes rgb and rgb-linear in the place of our renderer (`findCycles`). */
  readonly cycles?: Cycles | undefined
  /** Denoises in the place of our denoiser (`findOidn`). */
  readonly oidn?: Oidn | undefined
  readonly on?: (event: RunEvent) => void
}

export type RunEvent =
  | { readonly type: 'plan'; readonly recipe: Recipe; readonly todo: number; readonly done: number; readonly workers: number }
  /**
   * Of what is still to do. `memory` is about the most that the process will hold, in bytes (measured: it held 0.8 to 1.3 times as much); `threads`
   * are fewer than planned where memory is short. Noise is that of rgb-linear before denoising, relative; null when unknown.
   */
  | {
      readonly type: 'estimate'
      readonly seconds: number
      readonly bytes: number
      readonly memory: number
      readonly threads: number
      readonly frames: number
      readonly noise: number | null
    }
  | {
      readonly type: 'frame'
      readonly clip: number
      readonly frame: number
      readonly done: number
      readonly total: number
      readonly eta: number | null
    }
  | { readonly type: 'clip'; readonly entry: SampleEntry; readonly seconds: number }
  | { readonly type: 'quarantined'; readonly record: Quarantine }

export interface RunSummary {
  /** Null when the run was stopped before the set could be packed into its other formats. */
  readonly dataset: Dataset | null
  /** Clips made by this run, and clips that were there before. */
  readonly made: number
  readonly kept: number
  /** The signal came: some clips of this shard are missing. */
  readonly interrupted: boolean
  readonly seconds: number
}

/**
 * Makes a data set, or the part of one that a shard stands for.
 *
 * @throws GenerateError, DataError for what the caller can mend; RetryLaterError when the machine failed and the same command may be run again with resume
 */
export async function generate(options: GenerateOptions): Promise<RunSummary> {
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  const { store, seed, count, shard = WHOLE, on = () => {}, cycles, oidn } = options
  const settings: Settings = {
    ...options.settings,
    ...(oidn ? { denoiser: { name: 'oidn', version: oidn.version, portable: false } } : {}),
    ...(cycles ? { renderer: { name: 'cycles', version: cycles.version, portable: false } } : {}),
  }
  const signal = options.signal ?? new AbortController().signal
  if (!Number.isSafeInteger(count) || count < 0) throw new GenerateError(`count must be an integer from 0, got ${count}`)
  const labels = selectLabels(settings.labels.join(',') || 'none')
  const parts = cycles || oidn ? labels.filter(l => l.kind === 'pixels' && l.light) : []
  if (parts.length > 0)
    throw new GenerateError(
      `${cycles ? '--renderer cycles' : '--denoiser oidn'}: ${parts.map(labelName).join(', ')} are parts of a picture that our own ${cycles ? 'renderer' : 'denoiser'} makes, and it is not asked; leave them out of --labels`,
    )
  const source = await loadSource(options.source)
  const assets = options.assets ?? NO_ASSETS
  const recipe = planRecipe({
    source,
    seed,
    count,
    settings,
    labels,
    formats: options.formats ?? ['folder'],
    hashes: { ...engineHashes(), ...options.assetHashes },
  })
  if (options.source.kind === 'scene') await checkReferences(source, settings, assets)
  const writer = await (options.resume ? DatasetWriter.resume(store, recipe) : DatasetWriter.begin(store, recipe))
  const mine = [...shardIndices(shard, count)]
  const todo = mine.filter(i => !writer.has(i))
  const frameGuess = settings.frames ?? 24
  const workers = options.workers === 0 ? 0 : workerCount(options.workers, todo.length * frameGuess)
  on({ type: 'plan', recipe, todo: todo.length, done: mine.length - todo.length, workers })
  await writer.log({
    event: 'start',
    time: new Date().toISOString(),
    host: hostname(),
    node: process.version,
    shard,
    todo: todo.length,
    workers,
  })

  let framesDone = 0
  let framesOfClip = frameGuess
  let framing: number | null = null
  const clipStart = new Map<number, number>()
  let made = 0
  let left = todo.length
  const total = () => framesDone + remaining()
  const openFrames = new Map<number, number>()
  const remaining = () => [...openFrames.values()].reduce((a, b) => a + b, 0) + (left - openFrames.size) * framesOfClip
  const collector = new Collector(writer, {
    opened(clip, frames) {
      framesOfClip = frames
      framing ??= performance.now()
      openFrames.set(clip, frames)
      clipStart.set(clip, seconds())
    },
    frame(clip, frame) {
      framesDone++
      openFrames.set(clip, (openFrames.get(clip) ?? 1) - 1)
      const pace = framing === null ? null : (performance.now() - framing) / 1000 / framesDone
      on({ type: 'frame', clip, frame, done: framesDone, total: total(), eta: pace === null ? null : pace * remaining() })
    },
    committed(entry) {
      made++
      left--
      openFrames.delete(entry.index)
      const took = seconds() - (clipStart.get(entry.index) ?? 0)
      on({ type: 'clip', entry, seconds: took })
      void writer.log({ event: 'clip', index: entry.index, seconds: took, bytes: entry.bytes }).catch(() => {})
    },
    quarantined(clip, code, reason) {
      left--
      openFrames.delete(clip)
      on({ type: 'quarantined', record: { index: clip, code, reason } })
    },
  })

  if (todo.length > 0) {
    try {
      const kernel = await loadKernel()
      if (workers === 0) {
        const renderer = await createRenderer(kernel)
        try {
          await runInline(todo, collector, {
            renderer,
            source,
            seed,
            settings,
            assets,
            labels,
            signal,
            beauty: cycles && cyclesBeauty(cycles),
            denoiser: oidn && oidnDenoiser(oidn),
          })
        } finally {
          renderer.dispose()
        }
      } else {
        await runPool(todo, collector, {
          workers,
          signal,
          timeout: options.timeout ?? 3600,
          setup: { kernel, source: options.source, seed, settings, assets: share(assets), cycles, oidn },
          calibrated: c => {
            const frames = c.frames * todo.length
            const threads = workerCount(workers, frames, c.threadBytes)
            on({
              type: 'estimate',
              frames,
              seconds: (c.frameSeconds * frames) / threads,
              bytes: c.frameBytes * frames,
              // Light of a frame a thread, and of those that wait for it.
              memory: process.memoryUsage.rss() + (threads - 1) * c.threadBytes + (threads + 3) * c.lightBytes,
              threads,
              noise: Number.isFinite(c.noise) ? c.noise : null,
            })
            return threads
          },
        })
      }
    } finally {
      await collector.idle()
    }
  }
  const interrupted = mine.some(i => !writer.has(i))
  // Packing and converting a large set takes longer than a scheduler waits after its signal; resuming does it.
  const dataset = interrupted && recipe.formats.some(f => f !== 'folder') ? null : await writer.finish()
  await writer.log({ event: interrupted ? 'interrupted' : 'end', time: new Date().toISOString(), seconds: seconds(), made })
  return { dataset, made, kept: mine.length - todo.length, interrupted, seconds: seconds() }
}

/** A fixed scene is the same in every clip: what it lacks is said before anything is written. */
async function checkReferences(source: Source, settings: Settings, assets: Assets): Promise<void> {
  const scene = await clipScene(source, clipKey(0, source.name, 0), settings, assets)
  resolveScene(scene, await withEnvironments(scene, assets))
}
