/** Diorama's data sets as samples. Only their shape is known here: `openDataset` of `@dioramic/data` gives one. */
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import type { Samples } from './samples.ts'

/** A pixel layer of one frame: stored values, row-major, channels interleaved; physical value = stored · scale + offset. */
interface StoredLayer {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly data: ArrayLike<number>
}

/** A clip that is open. */
export interface Clip {
  readonly layers: readonly { readonly name: string; readonly scale: number; readonly offset: number }[]
  layer(name: string, frame: number): Promise<StoredLayer>
}

/** A data set of clips. */
export interface ClipSet {
  readonly entries: readonly { readonly index: number; readonly frames: number }[]
  sample(index: number): Promise<Clip>
}

export interface FrameOptions {
  /** Layers of physical values, as f32 [C, H, W]: metres, pixels, unit vectors; colours from 0 to 1. */
  readonly values?: readonly string[]
  /** Layers of numbers that name something, as i64 [H, W]: `segmentation`. */
  readonly ids?: readonly string[]
  /** Clips to read, by place in the set. Default all: leave some out to test on. */
  readonly clips?: readonly number[]
}

/** What `frameSamples` adds to the layers: which frame of which clip it is. */
const PLACE = ['clip', 'frame'] as const

/**
 * Each frame of a data set's clips as a sample for `sampleBatches`: its layers by name, and `clip` (its index in the set) and `frame` as i64 scalars.
 * @throws TensorError where no layers are asked for, or a clip lacks one
 */
export function frameSamples(set: ClipSet, { values = [], ids = [], clips }: FrameOptions): Samples {
  const wanted = [...values, ...ids]
  if (wanted.length === 0) throw new TensorError('frameSamples: name the layers to read, as values or ids')
  for (const name of PLACE) if (wanted.includes(name)) throw new TensorError(`frameSamples: a layer cannot be called "${name}"`)
  const entries = (clips ?? [...set.entries.keys()]).map(i => {
    const entry = set.entries[i]
    if (!entry) throw new TensorError(`frameSamples: there is no clip ${i} among ${set.entries.length}`)
    return entry
  })
  const places = entries.flatMap(({ index, frames }) => Array.from({ length: frames }, (_, frame) => ({ index, frame })))
  // Neighbouring frames are of one clip: the last few are kept open.
  const open = new Map<number, Promise<Clip>>()
  const clipOf = (index: number): Promise<Clip> => {
    const clip = open.get(index) ?? set.sample(index)
    open.delete(index)
    open.set(index, clip)
    if (open.size > MOST_OPEN) open.delete(open.keys().next().value!)
    return clip
  }
  return {
    length: places.length,
    get: async i => {
      const { index, frame } = places[i]!
      const clip = await clipOf(index)
      const read = async (name: string): Promise<[string, NDArray]> => {
        const spec = clip.layers.find(l => l.name === name)
        if (!spec) throw new TensorError(`clip ${index} has no layer "${name}"; it has: ${clip.layers.map(l => l.name).join(', ')}`)
        const layer = await clip.layer(name, frame)
        return [name, ids.includes(name) ? idsOf(name, layer) : valuesOf(layer, spec)]
      }
      const scalar = (n: number): NDArray => ({ dtype: 'i64', shape: [], data: BigInt64Array.of(BigInt(n)) })
      return { ...Object.fromEntries(await Promise.all(wanted.map(read))), clip: scalar(index), frame: scalar(frame) }
    },
  }
}

const MOST_OPEN = 16

function valuesOf(
  { width, height, channels, data }: StoredLayer,
  { scale, offset }: { readonly scale: number; readonly offset: number },
): NDArray {
  const n = width * height
  const out = new Float32Array(n * channels)
  for (let p = 0; p < n; p++) for (let c = 0; c < channels; c++) out[c * n + p] = data[p * channels + c]! * scale + offset
  return { dtype: 'f32', shape: [channels, height, width], data: out }
}

function idsOf(name: string, { width, height, channels, data }: StoredLayer): NDArray {
  if (channels !== 1) throw new TensorError(`the layer "${name}" has ${channels} channels: read it as values`)
  const out = new BigInt64Array(data.length)
  for (let i = 0; i < out.length; i++) {
    const x = data[i]!
    if (!Number.isInteger(x)) throw new TensorError(`the layer "${name}" holds ${x}, which names nothing: read it as values`)
    out[i] = BigInt(x)
  }
  return { dtype: 'i64', shape: [height, width], data: out }
}
