import { resolve } from 'node:path'
import { FolderStore } from '@dioramic/data/node'
import type { Format } from '@dioramic/generate'
import { findCycles, findOidn, generate, parseShard, sourceRef, WHOLE } from '@dioramic/generate/node'
import { EXIT, UsageError } from '../fail.ts'
import { type FrameOptions, readAssets, settingsOf } from '../frame-settings.ts'
import { lockFolder } from '../lock.ts'
import { progress } from '../progress.ts'
import { stopped } from '../stopped.ts'
import { bytes, duration } from '../units.ts'

export interface GenerateCommandOptions extends FrameOptions {
  readonly count: number
  readonly labels: string
  readonly format: readonly Format[]
  readonly workers?: number
  readonly shard?: string
  readonly out?: string
  readonly resume?: boolean
  readonly timeout: number
  readonly renderer: 'diorama' | 'cycles'
  readonly cyclesPython?: string
  readonly denoiser: 'own' | 'oidn'
  readonly oidn?: string
}

/** A name for the default folder. */
const stem = (world: string) => world.replace(/^.*[\\/]/, '').replace(/\.[^.]+$/, '') || 'scene'

export async function generateCommand(world: string, o: GenerateCommandOptions): Promise<number> {
  const shard = o.shard === undefined ? WHOLE : parseShard(o.shard, process.env)
  const settings = settingsOf(o, o.labels)
  if (o.cyclesPython !== undefined && o.renderer !== 'cycles')
    throw new UsageError('--cycles-python is for --renderer cycles; add that, or leave it out')
  const cycles = o.renderer === 'cycles' ? findCycles(o.cyclesPython) : undefined
  if (o.oidn !== undefined && o.denoiser !== 'oidn') throw new UsageError('--oidn is for --denoiser oidn; add that, or leave it out')
  if (o.denoiser === 'oidn' && !o.denoise) throw new UsageError('--no-denoise leaves --denoiser oidn nothing to do; leave one of them out')
  if (o.denoiser === 'oidn' && cycles) throw new UsageError('--renderer cycles has a denoiser of its own; leave --denoiser oidn out')
  const oidn = o.denoiser === 'oidn' ? findOidn(o.oidn) : undefined
  const source = sourceRef(world, o.config)
  const { assets, hashes } = await readAssets(o.assets)
  const part = shard.count > 1 ? `-${shard.index}of${shard.count}` : ''
  const out = resolve(o.out ?? `out/${stem(world)}-${o.seed}${part}`)
  const unlock = await lockFolder(out)
  const show = progress()
  const stop = stopped()
  try {
    const { dataset, interrupted, made, kept, seconds } = await generate({
      source,
      store: new FolderStore(out),
      seed: o.seed,
      count: o.count,
      settings,
      assets,
      assetHashes: hashes,
      formats: o.format,
      shard,
      resume: o.resume ?? false,
      timeout: o.timeout,
      cycles,
      oidn,
      signal: stop.signal,
      on: e => show.event(e),
      ...(o.workers === undefined ? {} : { workers: o.workers }),
    })
    const sheet = dataset?.files['contact-sheet.png'] ? resolve(out, 'contact-sheet.png') : null
    show.done()
    if (interrupted || !dataset) {
      show.say(
        'interrupted',
        { out, made, kept },
        `stopped: ${made + kept} clips are whole in ${out}; go on with the same command and --resume`,
      )
      return EXIT.tryAgain
    }
    const { totals, quarantined } = dataset
    show.say(
      'done',
      {
        out,
        made,
        kept,
        samples: totals.samples,
        frames: totals.frames,
        bytes: totals.bytes,
        quarantined: quarantined.length,
        seconds,
        contactSheet: sheet,
      },
      `${made} ${made === 1 ? 'clip' : 'clips'} made in ${duration(seconds)}, ${bytes(totals.bytes)} in ${out}${sheet ? `\ncontact sheet: ${sheet}` : ''}`,
    )
    return quarantined.length > 0 ? EXIT.found : EXIT.ok
  } finally {
    unlock()
    show.done()
    stop.release()
  }
}
