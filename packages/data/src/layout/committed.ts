/** What a store already holds of a run. */
import { check } from '../schema/check.ts'
import { parseJson } from '../schema/json.ts'
import { type Dataset, datasetSchema, type Quarantine, quarantineSchema, type SampleEntry } from '../schema/recipe.ts'
import { type Sample, sampleSchema } from '../schema/sample.ts'
import type { BlobInfo, BlobStore } from '../store/blob-store.ts'
import { sampleEntryOf } from './manifest.ts'
import { DATASET_FILE, quarantineFile, SAMPLE_FILE, SHARD_INDEX_FILE, sampleFolder } from './paths.ts'

/** Reads and checks one sample.json. */
export async function readSample(store: BlobStore, folder: string): Promise<{ sample: Sample; bytes: Uint8Array }> {
  const path = `${folder}/${SAMPLE_FILE}`
  const bytes = await store.get(path)
  return { sample: check(sampleSchema, parseJson(bytes, path), path), bytes }
}

/** Whole clips, holes, and every file that belongs to neither (interrupted clips). */
export interface Committed {
  readonly samples: Map<number, SampleEntry>
  readonly quarantined: Map<number, Quarantine>
  readonly leftovers: readonly string[]
}

/** A clip counts when its sample.json is whole and every file that it lists is there with its size. */
export async function findCommitted(store: BlobStore, listing: readonly BlobInfo[]): Promise<Committed> {
  const samples = new Map<number, SampleEntry>()
  const quarantined = new Map<number, Quarantine>()
  const leftovers: string[] = []
  const folders = new Map<string, BlobInfo[]>()
  for (const file of listing) {
    const folder = /^(samples\/[^/]+)\//.exec(file.path)?.[1]
    if (folder) folders.set(folder, [...(folders.get(folder) ?? []), file])
    const hole = /^quarantine\/(\d+)\.json$/.exec(file.path)
    if (hole) {
      const record = await attempt(async () => check(quarantineSchema, parseJson(await store.get(file.path), file.path), file.path))
      if (record && quarantineFile(record.index) === file.path) quarantined.set(record.index, record)
      else leftovers.push(file.path)
    }
  }
  for (const [folder, found] of folders) {
    const entry = await attempt(async () => {
      const { sample, bytes } = await readSample(store, folder)
      const sizes = new Map(found.map(f => [f.path.slice(folder.length + 1), f.bytes]))
      const whole =
        Object.entries(sample.files).every(([path, f]) => sizes.get(path) === f.bytes) &&
        sizes.size === Object.keys(sample.files).length + 1
      return whole && sampleFolder(sample.index) === folder ? sampleEntryOf(sample, bytes) : undefined
    })
    if (entry) samples.set(entry.index, entry)
    else leftovers.push(...found.map(f => f.path))
  }
  return { samples, quarantined, leftovers }
}

/** Undefined when the file is damaged or absent; a store that fails still throws. */
async function attempt<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (e) {
    if (e instanceof Error && (e.name === 'DataError' || e.name === 'MissingBlob')) return undefined
    throw e
  }
}

/** dataset.json of a set whose clips went into shards, when it and all its files are whole. */
export async function findPacked(store: BlobStore, listing: readonly BlobInfo[]): Promise<Dataset | undefined> {
  const sizes = new Map(listing.map(f => [f.path, f.bytes]))
  if (!sizes.has(DATASET_FILE)) return undefined
  const dataset = await attempt(async () => check(datasetSchema, parseJson(await store.get(DATASET_FILE), DATASET_FILE), DATASET_FILE))
  if (!dataset || !(SHARD_INDEX_FILE in dataset.files)) return undefined
  return Object.entries(dataset.files).every(([path, f]) => sizes.get(path) === f.bytes) ? dataset : undefined
}
