/** dataset.json: a function of the recipe and of what was committed, never of order, workers, shards, time or host. */
import { sha256 } from '@dioramic/codec'
import { CONVENTIONS } from '../schema/conventions.ts'
import { toJson } from '../schema/json.ts'
import { DATASET_VERSION, type Dataset, type FileEntry, type Quarantine, type Recipe, type SampleEntry } from '../schema/recipe.ts'
import type { Sample } from '../schema/sample.ts'
import { sampleFolder } from './paths.ts'

export const entryOf = (bytes: Uint8Array): FileEntry => ({ sha256: sha256(bytes), bytes: bytes.length })

/** The entry of a sample in dataset.json. `json` are the bytes of its sample.json. */
export function sampleEntryOf(sample: Sample, json: Uint8Array): SampleEntry {
  let bytes = json.length
  for (const f of Object.values(sample.files)) bytes += f.bytes
  return {
    index: sample.index,
    path: sampleFolder(sample.index),
    frames: sample.frames,
    instances: sample.instances.length,
    bytes,
    sha256: sha256(json),
  }
}

export function makeDataset(
  recipe: Recipe,
  samples: Iterable<SampleEntry>,
  quarantined: Iterable<Quarantine>,
  files: Readonly<Record<string, FileEntry>>,
): Dataset {
  const byIndex = (a: { index: number }, b: { index: number }) => a.index - b.index
  const sorted = [...samples].sort(byIndex)
  const holes = [...quarantined].sort(byIndex)
  const present = new Set([...sorted, ...holes].map(s => s.index))
  const missing: number[] = []
  for (let i = 0; i < recipe.count; i++) if (!present.has(i)) missing.push(i)
  const totals = { samples: sorted.length, frames: 0, bytes: 0 }
  for (const s of sorted) {
    totals.frames += s.frames
    totals.bytes += s.bytes
  }
  // Through JSON once, so that the value in memory is the value that readers get.
  return toJson({
    version: DATASET_VERSION,
    recipe,
    conventions: CONVENTIONS,
    layers: recipe.layers,
    samples: sorted,
    quarantined: holes,
    missing,
    totals,
    files,
  }) as unknown as Dataset
}
