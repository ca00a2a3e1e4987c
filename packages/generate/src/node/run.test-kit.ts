/** Tiny runs for tests: real worlds, real light, few pixels. */
import type { BlobStore } from '@dioramic/data'
import { MemoryStore } from '@dioramic/data'
import { settingsSchema } from '../settings.ts'
import { type GenerateOptions, generate, type RunSummary } from './run.ts'

export const TINY = settingsSchema.parse({
  size: [32, 24],
  frames: 2,
  spp: 1,
  maxBounces: 3,
  labels: ['segmentation', 'depth', 'flow-forward', 'visible-pixels', 'pose', 'mass', 'camera', 'events'],
})

/** Two clips of movi-a with three objects, in this thread. */
export const tiny = (store: BlobStore, options: Partial<GenerateOptions> = {}): Promise<RunSummary> =>
  generate({
    source: { kind: 'builtin', name: 'movi-a', config: { minCount: 3, maxCount: 3 } },
    store,
    seed: 7,
    count: 2,
    settings: TINY,
    workers: 0,
    ...options,
  })

/** Every file but the unhashed log, by path. */
export async function contents(store: BlobStore): Promise<Map<string, string>> {
  const out = new Map<string, string>()
  for (const { path } of await store.list(''))
    if (path !== 'run.jsonl') out.set(path, Buffer.from(await store.get(path)).toString('base64'))
  return out
}

export async function made(options: Partial<GenerateOptions> = {}): Promise<Map<string, string>> {
  const store = new MemoryStore()
  await tiny(store, options)
  return contents(store)
}
