/** Writes a data set clip by clip. A clip is there whole or not at all; a run killed anywhere resumes to the same bytes. */
import { DataError } from '../error.ts'
import { jsonBytes } from '../schema/json.ts'
import type { Dataset, FileEntry, Quarantine, Recipe, SampleEntry } from '../schema/recipe.ts'
import { parseRecipe, requireSamePlan } from '../schema/recipe-make.ts'
import { SAMPLE_VERSION, type Sample, type SampleBody } from '../schema/sample.ts'
import { type BlobStore, deleteFolder } from '../store/blob-store.ts'
import { findCommitted, findPacked } from './committed.ts'
import { finishDataset } from './finish.ts'
import { entryOf, sampleEntryOf } from './manifest.ts'
import { partialFolder, quarantineFile, RECIPE_FILE, RUN_LOG, SAMPLE_FILE, sampleFolder } from './paths.ts'

/** A file of a clip: path from the clip's folder (`depth/00003.npz`), and its bytes. */
export interface SampleFile {
  readonly path: string
  readonly bytes: Uint8Array
}

export class DatasetWriter {
  readonly store: BlobStore
  readonly recipe: Recipe
  private readonly samples: Map<number, SampleEntry>
  private readonly holes: Map<number, Quarantine>
  private readonly open = new Map<number, Map<string, FileEntry>>()

  /** Set when the clips are in shards already. */
  private readonly packed: Dataset | undefined

  private constructor(
    store: BlobStore,
    recipe: Recipe,
    samples = new Map<number, SampleEntry>(),
    holes = new Map<number, Quarantine>(),
    packed?: Dataset,
  ) {
    this.packed = packed
    this.store = store
    this.recipe = recipe
    this.samples = samples
    this.holes = holes
  }

  /** Starts a new set. Throws `DataError` when anything is in the store already; nothing is touched then. */
  static async begin(store: BlobStore, recipe: Recipe): Promise<DatasetWriter> {
    if ((await store.list('')).length > 0)
      throw new DataError(`${store.name} already has files; choose another folder, or add --resume to go on with the run that made it`)
    await store.put(RECIPE_FILE, jsonBytes(recipe))
    return new DatasetWriter(store, recipe)
  }

  /**
   * Goes on with an interrupted run: keeps whole clips, clears the rest. An empty store begins a new set. Throws `DataError` when the store
   * holds something else, or a set of another plan or bytes epoch (named); nothing is touched then.
   */
  static async resume(store: BlobStore, recipe: Recipe): Promise<DatasetWriter> {
    let listing = await store.list('')
    if (!listing.some(f => f.path === RECIPE_FILE)) {
      if (listing.length > 0)
        throw new DataError(`${store.name} has files but no ${RECIPE_FILE}, so it is not a data set to resume; choose another folder`)
      await store.sweep?.()
      return DatasetWriter.begin(store, recipe)
    }
    const whole = await store.get(RECIPE_FILE).then(bytes => parseOrTorn(bytes, listing.length === 1))
    if (whole) requireSamePlan(whole, recipe, store.name)
    await store.sweep?.()
    if (!whole) await store.put(RECIPE_FILE, jsonBytes(recipe))
    const packed = recipe.formats.includes('webdataset') ? await findPacked(store, listing) : undefined
    if (packed) {
      await deleteFolder(store, 'samples')
      return new DatasetWriter(
        store,
        recipe,
        new Map(packed.samples.map(s => [s.index, s])),
        new Map(packed.quarantined.map(q => [q.index, q])),
        packed,
      )
    }
    listing = listing.filter(f => f.path !== RECIPE_FILE)
    const found = await findCommitted(store, listing)
    for (const path of found.leftovers) await store.delete(path)
    // A hole that a kill left beside a whole clip cannot be: both come from one attempt at an index.
    return new DatasetWriter(store, recipe, found.samples, found.quarantined)
  }

  /** Whether an index is done: committed or quarantined. */
  has(index: number): boolean {
    return this.samples.has(index) || this.holes.has(index)
  }

  /** Committed clips, ascending. */
  get committed(): readonly SampleEntry[] {
    return [...this.samples.values()].sort((a, b) => a.index - b.index)
  }

  /** Named holes, ascending. */
  get quarantined(): readonly Quarantine[] {
    return [...this.holes.values()].sort((a, b) => a.index - b.index)
  }

  private stage(index: number): string {
    return this.store.renameFolder ? partialFolder(index) : sampleFolder(index)
  }

  private requireOpen(index: number): void {
    if (!Number.isInteger(index) || index < 0 || index >= this.recipe.count)
      throw new DataError(`sample ${index} is not in this plan, which has indices 0 to ${this.recipe.count - 1}`)
    if (this.packed) throw new DataError(`${this.store.name} is finished and packed in shards; put further samples into another folder`)
    if (this.has(index)) throw new DataError(`sample ${index} is already in ${this.store.name}; a committed index is never written again`)
  }

  /** Adds files of one frame (or any files) to a clip that grows. Frames may come in any order, clips may grow side by side. */
  async addFrameFiles(index: number, files: readonly SampleFile[]): Promise<void> {
    this.requireOpen(index)
    const known = this.open.get(index) ?? new Map<string, FileEntry>()
    this.open.set(index, known)
    for (const { path, bytes } of files) {
      await this.store.put(`${this.stage(index)}/${path}`, bytes)
      known.set(path, entryOf(bytes))
    }
  }

  /** Makes the clip part of the set, atomically. `body` is what `assembleSample` gives. */
  async commitSample(index: number, body: SampleBody): Promise<SampleEntry> {
    this.requireOpen(index)
    if (body.index !== index) throw new DataError(`sample ${index} was handed the record of sample ${body.index}`)
    const sample = { ...body, version: SAMPLE_VERSION, files: Object.fromEntries(this.open.get(index) ?? []) } as Sample
    const json = jsonBytes(sample)
    const stage = this.stage(index)
    await this.store.put(`${stage}/${SAMPLE_FILE}`, json)
    await this.store.renameFolder?.(stage, sampleFolder(index))
    const entry = sampleEntryOf(sample, json)
    this.samples.set(index, entry)
    this.open.delete(index)
    return entry
  }

  /** Forgets what a clip has so far, for a new attempt. */
  async discard(index: number): Promise<void> {
    this.requireOpen(index)
    await deleteFolder(this.store, this.stage(index))
    this.open.delete(index)
  }

  /** Records that an index cannot be made, and why. The text must be the same on every run: no times, paths or hosts. */
  async quarantine(record: Quarantine): Promise<void> {
    await this.discard(record.index)
    await this.store.put(quarantineFile(record.index), jsonBytes(record))
    this.holes.set(record.index, record)
  }

  /** Adds a line to run.jsonl: times, hosts, costs. Nothing reads it back and nothing hashes it. */
  async log(entry: Readonly<Record<string, unknown>>): Promise<void> {
    const line = new TextEncoder().encode(`${JSON.stringify(entry)}\n`)
    if (this.store.append) return this.store.append(RUN_LOG, line)
    const old = (await this.store.head(RUN_LOG)) ? await this.store.get(RUN_LOG) : new Uint8Array(0)
    const all = new Uint8Array(old.length + line.length)
    all.set(old)
    all.set(line, old.length)
    await this.store.put(RUN_LOG, all)
  }

  /** Writes the contact sheet, the other formats of the recipe, and dataset.json last. May be called again after more commits. */
  async finish(): Promise<Dataset> {
    if (this.packed) return this.packed
    for (const index of this.open.keys()) await this.discard(index)
    return finishDataset(this.store, this.recipe, this.committed, this.quarantined)
  }
}

/** The recipe; undefined when it was torn while the very first file was written. */
function parseOrTorn(bytes: Uint8Array, alone: boolean): Recipe | undefined {
  try {
    return parseRecipe(bytes)
  } catch (e) {
    if (alone) return undefined
    throw e
  }
}
