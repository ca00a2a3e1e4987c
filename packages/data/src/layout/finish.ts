import { jsonBytes } from '../schema/json.ts'
import type { Dataset, FileEntry, Quarantine, Recipe, SampleEntry } from '../schema/recipe.ts'
import type { BlobStore } from '../store/blob-store.ts'
import { entryOf, makeDataset } from './manifest.ts'
import { DATASET_FILE, quarantineFile, RECIPE_FILE } from './paths.ts'

/** Everything that is derived from the committed clips. Idempotent: the same clips give the same bytes. */
export async function finishDataset(
  store: BlobStore,
  recipe: Recipe,
  samples: readonly SampleEntry[],
  quarantined: readonly Quarantine[],
): Promise<Dataset> {
  const files: Record<string, FileEntry> = { [RECIPE_FILE]: entryOf(jsonBytes(recipe)) }
  for (const hole of quarantined) files[quarantineFile(hole.index)] = entryOf(jsonBytes(hole))
  const dataset = makeDataset(recipe, samples, quarantined, files)
  await store.put(DATASET_FILE, jsonBytes(dataset))
  return dataset
}
