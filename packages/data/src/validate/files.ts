/** Bytes: every file is there, has its hash, is what the schema says, and nothing else is there. */
import { sha256 } from '@dioramic/codec'
import { moviEntries } from '../formats/movi/index-file.ts'
import { entryOf, makeDataset, sampleEntryOf } from '../layout/manifest.ts'
import { DATASET_FILE, layerFile, MOVI_INDEX_FILE, RECIPE_FILE, RUN_LOG, SAMPLE_FILE, viewFolder } from '../layout/paths.ts'
import type { DatasetReader } from '../layout/reader.ts'
import { check } from '../schema/check.ts'
import { jsonBytes, parseJson } from '../schema/json.ts'
import type { FileEntry, SampleEntry } from '../schema/recipe.ts'
import { parseRecipe } from '../schema/recipe-make.ts'
import { type Sample, sampleSchema } from '../schema/sample.ts'
import type { BlobStore } from '../store/blob-store.ts'
import { MissingBlob } from '../store/blob-store.ts'

/** `file`, `check`, what is wrong. */
export type Report = (
  check: 'hash' | 'schema' | 'missing-file' | 'extra-file' | 'manifest',
  file: string,
  message: string,
  sample?: number,
) => void

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((x, i) => x === b[i])

/** The bytes of a file that must have this hash; undefined (and reported) otherwise. */
export async function readHashed(
  store: BlobStore,
  path: string,
  entry: FileEntry,
  report: Report,
  sample?: number,
): Promise<Uint8Array | undefined> {
  const bytes = await store.get(path).catch(e => {
    if (e instanceof MissingBlob) return undefined
    throw e
  })
  if (!bytes) {
    report('missing-file', path, 'is listed but not there', sample)
    return undefined
  }
  if (bytes.length !== entry.bytes || sha256(bytes) !== entry.sha256) {
    report(
      'hash',
      path,
      `has ${bytes.length} bytes with sha256 ${sha256(bytes).slice(0, 12)}…, listed are ${entry.bytes} with ${entry.sha256.slice(0, 12)}…`,
      sample,
    )
    return undefined
  }
  return bytes
}

/** dataset.json, recipe.json and the files beside the samples. `raw` is the store itself, `reader.store` may see through shards. */
export async function checkManifest(raw: BlobStore, reader: DatasetReader, report: Report): Promise<void> {
  const { dataset, recipe } = reader
  const bytes = await raw.get(DATASET_FILE)
  if (!equalBytes(bytes, jsonBytes(dataset))) report('manifest', DATASET_FILE, 'is not in canonical form: it was edited or damaged')
  const again = makeDataset(recipe, dataset.samples, dataset.quarantined, dataset.files)
  if (!equalBytes(jsonBytes(again), jsonBytes(dataset)))
    report('manifest', DATASET_FILE, 'totals, missing indices, layers or conventions do not follow from recipe and samples')
  try {
    parseRecipe(jsonBytes(recipe), DATASET_FILE)
  } catch (e) {
    report('manifest', DATASET_FILE, (e as Error).message)
  }
  const stated = dataset.files[RECIPE_FILE]
  if (!stated) report('manifest', DATASET_FILE, `does not list ${RECIPE_FILE}`)
  else if (stated.sha256 !== entryOf(jsonBytes(recipe)).sha256)
    report('manifest', DATASET_FILE, `its recipe is not the one of ${RECIPE_FILE}`)
  for (const [path, entry] of [...Object.entries(dataset.files), ...(await moviFiles(raw, reader))])
    await readHashed(raw, path, entry, report)
}

/** What the index of MOVi's form lists; nothing where there is none, or it cannot be read (its own hash says so). */
async function moviFiles(raw: BlobStore, { dataset }: DatasetReader): Promise<[string, FileEntry][]> {
  if (!(MOVI_INDEX_FILE in dataset.files)) return []
  return Object.entries(await moviEntries(raw).catch(() => ({})))
}

/** sample.json and every file of one clip. Undefined when sample.json cannot be used. */
export async function checkSample(reader: DatasetReader, entry: SampleEntry, report: Report): Promise<Sample | undefined> {
  const path = `${entry.path}/${SAMPLE_FILE}`
  const bytes = await reader.store.get(path).catch(e => {
    if (e instanceof MissingBlob) return undefined
    throw e
  })
  if (!bytes) {
    report('missing-file', path, 'is listed but not there', entry.index)
    return undefined
  }
  if (sha256(bytes) !== entry.sha256)
    report('hash', path, `has sha256 ${sha256(bytes).slice(0, 12)}…, ${DATASET_FILE} states ${entry.sha256.slice(0, 12)}…`, entry.index)
  let sample: Sample
  try {
    sample = check(sampleSchema, parseJson(bytes, path), path)
  } catch (e) {
    report('schema', path, (e as Error).message, entry.index)
    return undefined
  }
  if (!equalBytes(jsonBytes(sample), bytes)) report('schema', path, 'is not in canonical form', entry.index)
  for (const what of disagreements(reader, entry, sample, bytes)) report('schema', path, what, entry.index)
  for (const [file, stated] of Object.entries(sample.files))
    await readHashed(reader.store, `${entry.path}/${file}`, stated, report, entry.index)
  return sample
}

function* disagreements(reader: DatasetReader, entry: SampleEntry, sample: Sample, bytes: Uint8Array): Generator<string> {
  const { recipe, dataset } = reader
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
  for (const field of ['world', 'seed', 'bytesEpoch', 'configHash'] as const)
    if (!same(sample[field], recipe[field]))
      yield `${field} is ${JSON.stringify(sample[field])}, the recipe says ${JSON.stringify(recipe[field])}`
  if (sample.index !== entry.index) yield `index is ${sample.index}, ${DATASET_FILE} says ${entry.index}`
  const made = sampleEntryOf(sample, bytes)
  if (made.bytes !== entry.bytes || made.frames !== entry.frames || made.instances !== entry.instances)
    yield `has ${made.frames} frames, ${made.instances} instances, ${made.bytes} bytes; ${DATASET_FILE} says ${entry.frames}, ${entry.instances}, ${entry.bytes}`
  for (const [v, camera] of sample.cameras.entries()) {
    const view = sample.views?.[v - 1]
    if (v > 0 && view?.camera !== camera.name) {
      yield `has no view of camera ${camera.name}`
      continue
    }
    const prefix = v === 0 ? '' : viewFolder(camera.name)
    for (const { name, encoding } of dataset.layers)
      for (let f = 0; f < sample.frames; f++)
        if (!(`${prefix}${layerFile(name, f, encoding)}` in sample.files))
          yield `lists no ${prefix}${layerFile(name, f, encoding)}, though the set has layer "${name}"`
    const [width, height] = view ? view.resolution : sample.resolution
    if (camera.width !== width || camera.height !== height)
      yield v === 0 ? 'resolution differs from the first camera’s' : `resolution of its view differs from camera ${camera.name}’s`
  }
  const columns: [string, object][] = [
    ...sample.cameras.map(c => [`camera ${c.name}`, c] as [string, object]),
    ...sample.instances.map(i => [`instance ${i.name}`, i] as [string, object]),
  ]
  for (const [who, record] of columns)
    for (const column of COLUMNS) {
      const value = (record as Record<string, unknown>)[column]
      if (Array.isArray(value) && value.length !== sample.frames)
        yield `${who}: ${column} has ${value.length} entries for ${sample.frames} frames`
    }
  const ids = sample.instances.map(i => i.id)
  if (new Set(ids).size !== ids.length) yield 'two instances have the same id'
}

const COLUMNS = [
  ...[
    'positions',
    'rotations',
    'velocities',
    'angularVelocities',
    'visiblePixels',
    'boxes2d',
    'boxes2dAmodal',
    'boxes3d',
    'projectedCentres',
  ],
  ...['fx', 'fy', 'cx', 'cy', 'apertures', 'focusDistances'],
]

/** Files that nothing lists. */
export async function checkExtra(
  raw: BlobStore,
  reader: DatasetReader,
  samples: ReadonlyMap<number, Sample>,
  report: Report,
): Promise<number> {
  const movi = (await moviFiles(raw, reader)).map(([path]) => path)
  const listed = new Set([DATASET_FILE, RUN_LOG, ...Object.keys(reader.dataset.files), ...movi])
  if (raw === reader.store) {
    for (const entry of reader.entries) {
      listed.add(`${entry.path}/${SAMPLE_FILE}`)
      for (const file of Object.keys(samples.get(entry.index)?.files ?? {})) listed.add(`${entry.path}/${file}`)
    }
  }
  const unreadable = reader.entries.filter(e => !samples.has(e.index)).map(e => `${e.path}/`)
  const found = await raw.list('')
  for (const { path } of found)
    if (!listed.has(path) && !unreadable.some(u => path.startsWith(u)))
      report('extra-file', path, 'is listed nowhere: delete it, or resume the run that left it')
  return found.length
}
