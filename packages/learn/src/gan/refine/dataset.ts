/** A rendered data set in the look of other pictures: the same labels, rgb refined. */
import { sha256 } from '@dioramic/codec'
import {
  type BlobStore,
  type Dataset,
  type DatasetReader,
  DatasetWriter,
  encodeLayer,
  makeRecipe,
  type SampleReader,
  viewFolder,
} from '@dioramic/data'
import { flatten, type Key, type NDArray } from '@dioramic/tensor'
import { GanError } from '../error.ts'
import { leastSquares } from '../losses/least-squares.ts'
import { fitGan } from '../trainer/fit.ts'
import { type Engine, trainGan } from '../trainer/gan.ts'
import { refinerPairs } from './pairs.ts'
import { type Planes, planesFrom } from './planes.ts'
import { refineWith } from './refine.ts'
import { refiner, refinerRules } from './refiner.ts'

export type RefineEvent =
  | { readonly type: 'trained'; readonly done: number; readonly total: number }
  | { readonly type: 'refined'; readonly done: number; readonly total: number }

export interface RefineOptions {
  readonly engine: Engine
  readonly key: Key
  /** Updates of the refiner. Default 1000. */
  readonly updates?: number
  /** Renders to learn from, spread evenly over the set. Default 400. */
  readonly pictures?: number
  readonly onEvent?: (e: RefineEvent) => void
}

/** What a refiner is trained on is cut out of pictures: edges of at most this. */
const CROP = 48

/**
 * Learns the look of `targets` (which need no labels) and writes the set anew with it. Labels, records and languages are copied byte for byte; `rgb-linear`, which would no longer be the light of
 * `rgb`, is left out. Recipe and samples say what was done, with `portable: false`: the bits of training are those of one machine.
 * @throws GanError where there is nothing to learn from; DataError where `out` is not empty
 */
export async function refineDataset(reader: DatasetReader, targets: readonly Planes[], out: BlobStore, o: RefineOptions): Promise<Dataset> {
  const { engine, key, updates = 1000, pictures = 400, onEvent = () => {} } = o
  if (!reader.dataset.layers.some(l => l.name === 'rgb')) throw new GanError(`${reader.store.name} has no rgb to refine`)
  if (reader.entries.length === 0) throw new GanError(`${reader.store.name} has no samples to refine`)
  if ((await out.list('')).length > 0) throw new GanError(`${out.name} already has files; choose another folder`)
  const total = reader.dataset.totals.frames
  const every = Math.max(1, Math.ceil(total / pictures))
  const renders: Planes[] = []
  let at = 0
  for await (const clip of reader.samples())
    for (let f = 0; f < clip.sample.frames; f++) if (at++ % every === 0) renders.push(await planesOf(clip, f))
  const edge = (of: 'height' | 'width') => 2 * Math.floor(Math.min(CROP, ...renders.map(p => p[of]), ...targets.map(p => p[of])) / 2)
  const [height, width] = [edge('height'), edge('width')]
  if (height < 16 || width < 16)
    throw new GanError(`refining needs pictures of at least 16 × 16 pixels, the smallest here is ${width} × ${height}`)
  const architecture = refiner({ height, width })
  const gan = await trainGan({ architecture, loss: leastSquares(), rules: refinerRules(), updates, key, ...engine })
  const log = { write: (e: { readonly step: number }) => onEvent({ type: 'trained', done: e.step, total: updates }) }
  await fitGan(gan, {
    batches: refinerPairs(targets, renders, { height, width, key: key.fork('pairs') }),
    updates,
    logs: [log],
    logEvery: 20,
  })

  const by = refineWith(architecture, gan.weights(), engine.runtime)
  const hash = sha256(bytesOf(gan.weights().params))
  const { version: _v, planHash, configHash: _c, ...plan } = reader.recipe
  const said = { portable: false, from: planHash, targets: targets.length, updates }
  const recipe = makeRecipe({
    ...plan,
    settings: { ...plan.settings, refined: said },
    hashes: { ...plan.hashes, refiner: hash },
    layers: plan.layers.filter(l => l.name !== 'rgb-linear'),
    formats: ['folder', ...plan.formats.filter(f => f === 'coco')],
  })
  const writer = await DatasetWriter.begin(out, recipe)
  for (const hole of reader.dataset.quarantined) await writer.quarantine(hole)
  let done = 0
  for await (const clip of reader.samples()) {
    const index = clip.index
    const ownOf = new Map<string, Uint8Array>()
    for (const [i, view] of clip.views.entries())
      for (let f = 0; f < clip.sample.frames; f++) {
        const refined = await by.refine(await planesOf(view, f), key.fork('grain').fork(index).fork(i).fork(f))
        const folder = i === 0 ? '' : viewFolder(view.sample.cameras[0]!.name)
        ownOf.set(`${folder}${view.layerPath('rgb', f)}`, encodeLayer(view.spec('rgb'), layerOf(refined)).bytes)
        if (i === 0) onEvent({ type: 'refined', done: ++done, total })
      }
    for (const path of Object.keys(clip.sample.files)) {
      if (/(^|\/)rgb-linear\//.test(path)) continue
      await writer.addFrameFiles(index, [{ path, bytes: ownOf.get(path) ?? (await clip.file(path)) }])
    }
    const { files: _files, version: _version, ...body } = clip.sample
    await writer.commitSample(index, {
      ...body,
      hashes: { ...body.hashes, refiner: hash },
      metadata: { ...body.metadata, refined: said },
    })
  }
  await Promise.all([by.dispose(), gan.dispose()])
  return writer.finish()
}

async function planesOf(clip: SampleReader, frame: number): Promise<Planes> {
  const { width, height, data } = await clip.layer('rgb', frame)
  return planesFrom(data as Uint8Array, width, height)
}

const layerOf = ({ width, height, data }: Planes) => {
  const area = width * height
  const bytes = Uint8Array.from({ length: 3 * area }, (_, i) => Math.round((data[(i % 3) * area + Math.floor(i / 3)]! + 1) * 127.5))
  return { name: 'rgb', dtype: 'u8' as const, width, height, channels: 3, data: bytes }
}

function bytesOf(params: unknown): Uint8Array {
  const { list } = flatten<NDArray>(params as NDArray)
  const all = Float32Array.from(list.flatMap(a => [...(a.data as Float32Array)]))
  return new Uint8Array(all.buffer)
}
