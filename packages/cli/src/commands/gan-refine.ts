import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { openDataset } from '@dioramic/data'
import { FolderStore } from '@dioramic/data/node'
import { EXIT, UsageError } from '../fail.ts'
import { learning } from '../learning.ts'
import { progress } from '../progress.ts'
import { duration } from '../units.ts'

export interface GanRefineOptions {
  readonly renders: string
  readonly target: string
  readonly out: string
  readonly updates: number
  readonly seed: number
}

const load = async () => ({
  ...(await import('@dioramic/learn/gan')),
  ...(await import('@dioramic/learn/node')),
  ...(await import('@dioramic/tensor/node')),
  Key: (await import('@dioramic/tensor')).Key,
})

/** Writes a rendered set anew in the look of a folder of pictures; labels stay. */
export async function ganRefine(o: GanRefineOptions): Promise<number> {
  const { createArena, Key, loadPictures, nodeRuntime, refineDataset } = await learning(load)
  const out = resolve(o.out)
  if (existsSync(out) && readdirSync(out).length > 0) throw new UsageError(`--out ${o.out} already has files; choose another folder`)
  const reader = await openDataset(new FolderStore(resolve(o.renders)))
  const [first] = reader.entries
  if (!first) throw new UsageError(`--renders ${o.renders} has no samples`)
  const [width, height] = (await reader.sample(first.index)).sample.resolution
  const targets = loadPictures(resolve(o.target), { width, height })
  const show = progress()
  const start = performance.now()
  const since = (from: number) => (performance.now() - from) / 1000
  let phase = start
  const dataset = await refineDataset(reader, targets, new FolderStore(out), {
    engine: { runtime: nodeRuntime({ threads: 1 }), arena: createArena },
    key: Key.fromSeed(o.seed),
    updates: o.updates,
    onEvent: ({ type, done, total }) => {
      if (done === 1) phase = performance.now()
      show.step(type === 'trained' ? 'learning the look' : 'refining', done, total, (since(phase) / done) * (total - done))
    },
  })
  const { samples, frames } = dataset.totals
  show.say(
    'refined',
    { samples, frames, targets: targets.length, updates: o.updates, seconds: Math.round(since(start)), out },
    `${samples} clips, ${frames} frames in the look of ${targets.length} pictures, ${duration(since(start))}; ${out}`,
  )
  return EXIT.ok
}
