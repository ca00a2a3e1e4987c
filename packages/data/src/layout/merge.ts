/** Joins shards of one plan. The result equals, byte for byte, the set that one run would have made. */
import { sha256 } from '@dioramic/codec'
import { DataError } from '../error.ts'
import type { Dataset, SampleEntry } from '../schema/recipe.ts'
import { requireSamePlan } from '../schema/recipe-make.ts'
import type { BlobStore } from '../store/blob-store.ts'
import { readSample } from './committed.ts'
import { type DatasetReader, openDataset } from './reader.ts'
import { DatasetWriter } from './writer.ts'

/**
 * Copies every clip and hole of `sources` into `target` (empty, or a merge that was interrupted). Throws `DataError` naming the difference when
 * plans or bytes epochs differ, when two sources disagree about an index, or when a file does not have its hash. May be run again.
 */
export async function merge(sources: readonly BlobStore[], target: BlobStore): Promise<Dataset> {
  if (sources.length === 0) throw new DataError('merge needs at least one data set')
  const readers: DatasetReader[] = []
  for (const source of sources) readers.push(await openDataset(source))
  const recipe = readers[0]!.recipe
  for (const reader of readers) requireSamePlan(reader.recipe, recipe, reader.store.name)
  requireAgreement(readers)
  const writer = await DatasetWriter.resume(target, recipe)
  for (const reader of readers) {
    for (const entry of reader.entries) if (!writer.has(entry.index)) await copy(reader, entry, writer)
    for (const hole of reader.dataset.quarantined) if (!writer.has(hole.index)) await writer.quarantine(hole)
  }
  return writer.finish()
}

function requireAgreement(readers: readonly DatasetReader[]): void {
  const seen = new Map<number, { readonly content: string; readonly store: string }>()
  for (const { dataset, store } of readers) {
    const all = [...dataset.samples.map(s => [s.index, s.sha256] as const), ...dataset.quarantined.map(q => [q.index, q.reason] as const)]
    for (const [index, content] of all) {
      const other = seen.get(index)
      if (other && other.content !== content)
        throw new DataError(`sample ${index} differs between ${other.store} and ${store.name}; validate both and make the broken one again`)
      seen.set(index, { content, store: store.name })
    }
  }
}

async function copy({ store }: DatasetReader, entry: SampleEntry, writer: DatasetWriter): Promise<void> {
  const { sample, bytes: json } = await readSample(store, entry.path)
  const where = (path: string) => `${store.name}/${entry.path}/${path}`
  if (sha256(json) !== entry.sha256)
    throw new DataError(`${where('sample.json')} does not have the hash that dataset.json states; validate the set`)
  for (const [path, stated] of Object.entries(sample.files)) {
    const bytes = await store.get(`${entry.path}/${path}`)
    if (sha256(bytes) !== stated.sha256)
      throw new DataError(`${where(path)} does not have the hash that sample.json states; validate the set`)
    await writer.addFrameFiles(entry.index, [{ path, bytes }])
  }
  const { files: _files, version: _version, ...body } = sample
  const made = await writer.commitSample(entry.index, body)
  if (made.sha256 !== entry.sha256) throw new DataError(`${where('sample.json')} is not in canonical form; make the set again`)
}
