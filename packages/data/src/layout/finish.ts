import { contactSheet, SHEET_ROWS } from '../contact-sheet/sheet.ts'
import { writeBop } from '../formats/bop/write.ts'
import { encodeCoco } from '../formats/coco.ts'
import { writeMovi } from '../formats/movi/index-file.ts'
import { writeNerf } from '../formats/nerf.ts'
import { packShards } from '../formats/webdataset.ts'
import { jsonBytes } from '../schema/json.ts'
import type { Dataset, FileEntry, Quarantine, Recipe, SampleEntry } from '../schema/recipe.ts'
import { type BlobStore, deleteFolder } from '../store/blob-store.ts'
import { entryOf, makeDataset } from './manifest.ts'
import { COCO_FILE, CONTACT_SHEET_FILE, DATASET_FILE, quarantineFile, RECIPE_FILE } from './paths.ts'
import { DatasetReader } from './reader.ts'

/** Everything that is derived from the committed clips; dataset.json last. Idempotent: the same clips give the same bytes. */
export async function finishDataset(
  store: BlobStore,
  recipe: Recipe,
  samples: readonly SampleEntry[],
  quarantined: readonly Quarantine[],
): Promise<Dataset> {
  const files: Record<string, FileEntry> = { [RECIPE_FILE]: entryOf(jsonBytes(recipe)) }
  for (const hole of quarantined) files[quarantineFile(hole.index)] = entryOf(jsonBytes(hole))
  const reader = new DatasetReader(store, makeDataset(recipe, samples, quarantined, files))
  const write = async (path: string, bytes: Uint8Array) => {
    await store.put(path, bytes)
    files[path] = entryOf(bytes)
  }
  const shown = await Promise.all(reader.entries.slice(0, SHEET_ROWS).map(e => reader.sample(e.index)))
  const sheet = await contactSheet(shown)
  if (sheet) await write(CONTACT_SHEET_FILE, sheet)
  const packed = recipe.formats.includes('webdataset')
  if (recipe.formats.includes('coco')) await write(COCO_FILE, await encodeCoco(() => reader.samples(), { packed }))
  if (recipe.formats.includes('movi')) Object.assign(files, await writeMovi(reader.samples(), store))
  if (recipe.formats.includes('nerf')) Object.assign(files, await writeNerf(reader.samples(), store))
  if (recipe.formats.includes('bop')) Object.assign(files, await writeBop(reader.samples(), store))
  if (packed) Object.assign(files, await packShards(reader.samples(), store))
  const dataset = makeDataset(recipe, samples, quarantined, files)
  await store.put(DATASET_FILE, jsonBytes(dataset))
  if (packed) await deleteFolder(store, 'samples')
  return dataset
}
