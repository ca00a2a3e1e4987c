/** Opens a finished data set: clips, their records and their layers. */
import { decodeNpz, type NpyArray } from '@dioramic/codec'
import { DataError } from '../error.ts'
import { shardView } from '../formats/shard-view.ts'
import { decodeLayer, physicalValues } from '../layer/encode.ts'
import type { Layer, LayerSpec } from '../layer.ts'
import { check } from '../schema/check.ts'
import { parseJson } from '../schema/json.ts'
import { type Dataset, datasetSchema, type Recipe, type SampleEntry } from '../schema/recipe.ts'
import type { Sample } from '../schema/sample.ts'
import { viewSample } from '../schema/view.ts'
import { type BlobStore, MissingBlob } from '../store/blob-store.ts'
import { readSample } from './committed.ts'
import { clipFile, DATASET_FILE, layerFile, SHARD_INDEX_FILE, viewFolder } from './paths.ts'

export class SampleReader {
  readonly store: BlobStore
  readonly folder: string
  readonly sample: Sample
  private readonly specs: readonly LayerSpec[]

  constructor(store: BlobStore, folder: string, sample: Sample, specs: readonly LayerSpec[]) {
    this.store = store
    this.folder = folder
    this.sample = sample
    this.specs = specs
  }

  /** The clip as another of its cameras sees it: a reader whose first camera it is. Throws `DataError` for a camera that the clip does not have. */
  view(camera: string): SampleReader {
    if (camera === this.sample.cameras[0]!.name) return this
    return new SampleReader(this.store, `${this.folder}/${viewFolder(camera).slice(0, -1)}`, viewSample(this.sample, camera), this.specs)
  }

  /** The clip through each of its cameras; the first is the clip itself. */
  get views(): readonly SampleReader[] {
    return this.sample.cameras.map(c => this.view(c.name))
  }

  /** Flow of the sky is that of its direction. */
  readonly skyMoves: boolean = true

  /** How far a layer's physical values may be from the truth by the rounding of what is stored: half a step. */
  rounding(layer: string): number {
    const { dtype, scale } = this.spec(layer)
    return dtype === 'f32' ? 0 : scale / 2
  }

  get index(): number {
    return this.sample.index
  }

  /** Specs of the layers that this clip has files of. */
  get layers(): readonly LayerSpec[] {
    return this.specs.filter(s => layerFile(s.name, 0, s.encoding) in this.sample.files)
  }

  has(layer: string): boolean {
    return this.layers.some(s => s.name === layer)
  }

  spec(layer: string): LayerSpec {
    const spec = this.specs.find(s => s.name === layer)
    if (!spec) throw new DataError(`there is no layer "${layer}" in this set; it has: ${this.specs.map(s => s.name).join(', ')}`)
    return spec
  }

  /** Bytes of a file, by path from the clip's folder. */
  file(path: string): Promise<Uint8Array> {
    return this.store.get(`${this.folder}/${path}`)
  }

  /** Path of a layer's file from the clip's folder. */
  layerPath(layer: string, frame: number): string {
    return layerFile(layer, frame, this.spec(layer).encoding)
  }

  /** Stored values, exactly as the label gave them. */
  async layer(name: string, frame: number): Promise<Layer> {
    const spec = this.spec(name)
    if (!(frame >= 0 && frame < this.sample.frames)) throw new DataError(`frame ${frame} is not in 0 to ${this.sample.frames - 1}`)
    const path = this.layerPath(name, frame)
    const bytes = await this.file(path)
    try {
      return decodeLayer(spec, bytes)
    } catch (e) {
      throw new DataError(`${this.folder}/${path}: ${(e as Error).message}`)
    }
  }

  /** Arrays of the whole clip, such as `tracks`; undefined when the clip has none of that name. */
  async arrays(name: string): Promise<Readonly<Record<string, NpyArray>> | undefined> {
    const path = clipFile(name)
    if (!(path in this.sample.files)) return undefined
    const bytes = await this.file(path)
    try {
      return decodeNpz(bytes)
    } catch (e) {
      throw new DataError(`${this.folder}/${path}: ${(e as Error).message}`)
    }
  }

  /** Physical values (metres, pixels, unit vectors), f32, row-major, channels interleaved. */
  async values(name: string, frame: number): Promise<Float32Array> {
    return physicalValues(this.spec(name), await this.layer(name, frame))
  }
}

export class DatasetReader {
  readonly store: BlobStore
  readonly dataset: Dataset

  constructor(store: BlobStore, dataset: Dataset) {
    this.store = store
    this.dataset = dataset
  }

  get recipe(): Recipe {
    return this.dataset.recipe
  }

  get entries(): readonly SampleEntry[] {
    return this.dataset.samples
  }

  /** One clip by its index. */
  async sample(index: number): Promise<SampleReader> {
    const entry = this.dataset.samples.find(s => s.index === index)
    if (!entry) throw new DataError(`${this.store.name} has no sample ${index}`)
    const { sample } = await readSample(this.store, entry.path)
    return new SampleReader(this.store, entry.path, sample, this.dataset.layers)
  }

  /** Every clip, ascending; one in memory at a time. */
  async *samples(): AsyncGenerator<SampleReader> {
    for (const entry of this.dataset.samples) yield this.sample(entry.index)
  }
}

/** Opens what a run has finished, packed in shards or not. Throws `DataError` when dataset.json is absent (the run is not finished) or broken. */
export async function openDataset(store: BlobStore): Promise<DatasetReader> {
  const bytes = await store.get(DATASET_FILE).catch(e => {
    if (e instanceof MissingBlob)
      throw new DataError(`${store.name} has no ${DATASET_FILE}: not a data set, or its run has not finished; run it again with --resume`)
    throw e
  })
  const where = `${store.name}/${DATASET_FILE}`
  const dataset = check(datasetSchema, parseJson(bytes, where), where)
  return new DatasetReader(SHARD_INDEX_FILE in dataset.files ? await shardView(store) : store, dataset)
}
