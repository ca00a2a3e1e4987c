/** Writes hashes and dataset.json anew after files were changed on purpose. */
import { DataError } from '../error.ts'
import { jsonBytes } from '../schema/json.ts'
import type { Dataset, FileEntry, SampleEntry } from '../schema/recipe.ts'
import type { BlobStore } from '../store/blob-store.ts'
import { readSample } from './committed.ts'
import { entryOf, makeDataset, sampleEntryOf } from './manifest.ts'
import { DATASET_FILE, SAMPLE_FILE } from './paths.ts'
import { openDataset } from './reader.ts'

/** The set validates by its hashes again (folder layout). What the bytes mean is not looked at: `validateDataset` does that. */
export async function reseal(store: BlobStore): Promise<Dataset> {
  const reader = await openDataset(store)
  if (reader.store !== store) throw new DataError(`${store.name} is packed in shards; only the folder layout can be resealed`)
  const entries: SampleEntry[] = []
  for (const { path } of reader.entries) {
    const { sample } = await readSample(store, path)
    const files: Record<string, FileEntry> = {}
    for (const name of Object.keys(sample.files)) files[name] = entryOf(await store.get(`${path}/${name}`))
    const changed = { ...sample, files }
    const bytes = jsonBytes(changed)
    await store.put(`${path}/${SAMPLE_FILE}`, bytes)
    entries.push(sampleEntryOf(changed, bytes))
  }
  const files: Record<string, FileEntry> = {}
  for (const name of Object.keys(reader.dataset.files)) files[name] = entryOf(await store.get(name))
  const dataset = makeDataset(reader.recipe, entries, reader.dataset.quarantined, files)
  await store.put(DATASET_FILE, jsonBytes(dataset))
  return dataset
}
