/** Trained GANs as folders: what was trained (`gan.json`), its state (`run.safetensors`), and samples as files. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeNpz, encodePng } from '@dioramic/codec'
import { batches, type FitResult, f32, i64, Key, type Log, type NDArray, type Shape } from '@dioramic/tensor'
import { checkpointFile, createArena, csvLog, loadArraysFile, nodeRuntime } from '@dioramic/tensor/node'
import {
  type Engine,
  fitGan,
  GanError,
  initialise,
  type LabelledSet,
  prepared,
  type RecipeName,
  recipes,
  rowsOf,
  type Sampler,
  samplerOf,
  trainGan,
} from '../gan/index.ts'
import type { LabelledRows } from '../theory/data/digits.ts'

const MANIFEST = 'gan.json'
const STATE = 'run.safetensors'

/** What a folder was trained as. */
export interface GanRun {
  readonly recipe: RecipeName
  readonly shape: Shape
  /** There where the recipe is told classes. */
  readonly classes?: number
  /** Of the data: what −1 and 1 stand for. */
  readonly range: readonly [low: number, high: number]
  readonly updates: number
  readonly batch: number
  readonly seed: number
  readonly samples: number
}

const engineOf = (): Engine => ({ runtime: nodeRuntime({ threads: 1 }), arena: createArena })

/** Data scaled to [−1, 1] as a run has it. @throws GanError where it is of another shape */
export function scaledSet(data: LabelledRows, { shape, range: [low, high] }: Pick<GanRun, 'shape' | 'range'>): LabelledSet {
  const d = shape.reduce((a, b) => a * b, 1)
  const wrong = data.x.findIndex(r => r.length !== d)
  if (wrong >= 0)
    throw new GanError(
      `sample ${wrong + 1} has ${data.x[wrong]!.length} numbers; ${shape.join(' × ')} has ${d}: say the shape of a sample, such as --shape 1x8x8`,
    )
  return { x: data.x.map(r => r.map(v => (2 * (v - low)) / (high - low) - 1)), y: data.y, classes: data.classes, shape }
}

/** Smallest and largest number. @throws GanError where they are one */
export function rangeOf(data: LabelledRows): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const r of data.x)
    for (const v of r) {
      if (!Number.isFinite(v)) throw new GanError(`the data hold ${v}: a GAN learns from finite numbers`)
      low = Math.min(low, v)
      high = Math.max(high, v)
    }
  if (!(high > low)) throw new GanError(`all numbers of the data are ${low}: there is nothing to learn`)
  return [low, high]
}

/** Trains into a folder, or goes on with what is there. @throws GanError where the folder holds another run; DivergedError, the last good state kept */
export async function trainGanFolder(
  folder: string,
  data: LabelledRows,
  settings: Omit<GanRun, 'samples' | 'range'>,
  { logs = [], signal }: { readonly logs?: readonly Log[]; readonly signal?: AbortSignal } = {},
): Promise<FitResult> {
  const run: GanRun = { ...settings, range: rangeOf(data), samples: data.x.length }
  const set = scaledSet(data, run)
  const path = join(folder, MANIFEST)
  if (existsSync(path) && JSON.stringify(readRun(folder)) !== JSON.stringify(run))
    throw new GanError(`${folder} holds a run with other settings or data (${path}): give another --out, or the settings that it has`)
  const engine = engineOf()
  const key = Key.fromSeed(run.seed)
  const { shape, classes } = run
  const gan = await trainGan({
    ...prepared(run.recipe, { shape, ...(classes === undefined ? {} : { classes }) }),
    updates: run.updates,
    key,
    ...engine,
  })
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, `${JSON.stringify(run, null, 2)}\n`)
  const columns = {
    x: f32(Float32Array.from(set.x.flatMap(r => [...r])), [set.x.length, ...shape]),
    ...(classes === undefined ? {} : { y: i64(Array.from(set.y)) }),
  }
  try {
    return await fitGan(gan, {
      batches: batches(columns, { size: Math.min(run.batch, set.x.length), key: key.fork('batches') }),
      updates: run.updates,
      logEvery: Math.max(1, Math.round(run.updates / 50)),
      logs: [csvLog(join(folder, 'log.csv')), ...logs],
      checkpoint: { every: 500, to: checkpointFile(join(folder, STATE)) },
      ...(signal ? { signal } : {}),
    })
  } finally {
    await gan.dispose()
  }
}

function readRun(folder: string): GanRun {
  const path = join(folder, MANIFEST)
  if (!existsSync(path)) throw new GanError(`${folder} holds no GAN (no ${MANIFEST}): make one with diorama gan train`)
  const run = JSON.parse(readFileSync(path, 'utf8')) as GanRun
  if (!(run.recipe in recipes))
    throw new GanError(`${path} names the recipe "${run.recipe}"; there are: ${Object.keys(recipes).join(', ')}`)
  return run
}

/** A trained GAN from its folder. */
export async function openGanFolder(folder: string): Promise<{ readonly run: GanRun; readonly sampler: Sampler; readonly engine: Engine }> {
  const run = readRun(folder)
  const { architecture } = prepared(run.recipe, { shape: run.shape, ...(run.classes === undefined ? {} : { classes: run.classes }) })
  const like = initialise(architecture.generator as never, Key.fromSeed(0))
  const part = (name: string, of: unknown) => loadArraysFile<unknown>(join(folder, STATE), of, `generator/${name}`) as Promise<NDArray>
  const engine = engineOf()
  const weights = { params: await part('ema', like.params), state: await part('state', like.state) }
  return { run, sampler: samplerOf(architecture, weights, engine.runtime), engine }
}

/** Samples back in the data's range, with their labels if there are any: `.npz` with x and y. */
export function encodeSamples(x: NDArray, labels: ArrayLike<number> | undefined, [low, high]: GanRun['range']): Uint8Array {
  const data = Float32Array.from(x.data as Float32Array, v => low + ((v + 1) / 2) * (high - low))
  return encodeNpz({
    x: { shape: [...x.shape], data },
    ...(labels ? { y: { shape: [labels.length], data: Int32Array.from(labels) } } : {}),
  })
}

/** Pictures [n, 1 or 3, h, w] in [−1, 1] side by side as a PNG, each pixel `zoom` wide. @throws GanError for samples that are no pictures */
export function encodeSheet(x: NDArray, { columns = 10, zoom = 4 } = {}): Uint8Array {
  const [n, channels, h, w] = x.shape as [number, number, number, number]
  if (x.shape.length !== 4 || (channels !== 1 && channels !== 3))
    throw new GanError(`a sheet shows pictures [n, 1 or 3, height, width], not [${x.shape.join(', ')}]`)
  const rows = rowsOf(x)
  const [across, down] = [Math.min(columns, n), Math.ceil(n / columns)]
  const [width, height] = [across * (w * zoom + 2) + 2, down * (h * zoom + 2) + 2]
  const data = new Uint8Array(width * height * channels).fill(255)
  rows.forEach((picture, k) => {
    const [left, top] = [2 + (k % columns) * (w * zoom + 2), 2 + Math.floor(k / columns) * (h * zoom + 2)]
    for (let i = 0; i < h * zoom; i++)
      for (let j = 0; j < w * zoom; j++)
        for (let c = 0; c < channels; c++) {
          const v = picture[(c * h + Math.floor(i / zoom)) * w + Math.floor(j / zoom)]!
          data[((top + i) * width + left + j) * channels + c] = Math.max(0, Math.min(255, Math.round(127.5 * (v + 1))))
        }
  })
  return encodePng({ width, height, channels, bitDepth: 8, data })
}
