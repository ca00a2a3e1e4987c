/** Layers ↔ files: one pinned encoding for each `LayerSpec.encoding`. */
import { decodeExr, decodeNpz, decodePng, encodeExr, encodeNpz, encodePng } from '@dioramic/codec'
import { DataError } from '../error.ts'
import type { Layer, LayerSpec } from '../layer.ts'

export interface EncodedLayer {
  /** Without a dot: `png`, `npz`, `exr`. */
  readonly extension: string
  readonly bytes: Uint8Array
}

const ARRAYS = { u8: Uint8Array, u16: Uint16Array, f32: Float32Array } as const
const EXR_NAMES: Readonly<Record<number, readonly string[]>> = { 1: ['Y'], 3: ['R', 'G', 'B'], 4: ['R', 'G', 'B', 'A'] }

function requireFit(spec: LayerSpec, layer: Layer): void {
  const { width, height, channels, dtype, data, name } = layer
  if (name !== spec.name || dtype !== spec.dtype || channels !== spec.channels)
    throw new DataError(
      `layer "${name}" (${dtype} × ${channels}) does not fit its spec "${spec.name}" (${spec.dtype} × ${spec.channels}); make both from one label`,
    )
  if (!(data instanceof ARRAYS[dtype])) throw new DataError(`layer "${name}" says ${dtype} but holds a ${data.constructor.name}`)
  if (data.length !== width * height * channels)
    throw new DataError(`layer "${name}" is ${width} × ${height} × ${channels} but holds ${data.length} values`)
}

/** The file of a layer: stored values as they are, the same bytes everywhere. Throws `DataError` when layer and spec disagree. */
export function encodeLayer(spec: LayerSpec, layer: Layer): EncodedLayer {
  requireFit(spec, layer)
  const { width, height, channels, data } = layer
  switch (spec.encoding) {
    case 'png':
      if (spec.dtype === 'f32' || channels > 4)
        throw new DataError(`layer "${spec.name}": a PNG holds u8 or u16 in 1 to 4 channels; use npz`)
      return {
        extension: 'png',
        bytes: encodePng({ width, height, channels: channels as 1, bitDepth: spec.dtype === 'u8' ? 8 : 16, data: data as Uint8Array }),
      }
    case 'npz':
      return { extension: 'npz', bytes: encodeNpz({ data: { shape: channels === 1 ? [height, width] : [height, width, channels], data } }) }
    case 'exr': {
      const names = EXR_NAMES[channels]
      if (!names || spec.dtype !== 'f32') throw new DataError(`layer "${spec.name}": an EXR holds f32 in 1, 3 or 4 channels; use npz`)
      const planes = names.map((name, c) => ({ name, type: 'half' as const, data: halves(data as Float32Array, channels, c) }))
      return { extension: 'exr', bytes: encodeExr({ width, height, channels: planes }) }
    }
  }
}

/** Largest number of half precision. */
const HALF_MAX = 65504

/** A channel for half precision: what is finite stays finite. */
function halves(data: Float32Array, channels: number, c: number): Float32Array {
  const out = new Float32Array(data.length / channels)
  for (let i = 0; i < out.length; i++) {
    const x = data[i * channels + c]!
    out[i] = Number.isFinite(x) ? Math.min(HALF_MAX, Math.max(-HALF_MAX, x)) : x
  }
  return out
}

/** Stored values of a layer's file; exactly what was encoded (EXR: rounded to half). Throws `DataError` or `CodecError` on anything else. */
export function decodeLayer(spec: LayerSpec, bytes: Uint8Array): Layer {
  const { name, dtype, channels } = spec
  const wrong = (what: string) => new DataError(`layer "${name}": the file holds ${what}, the spec says ${dtype} × ${channels}`)
  switch (spec.encoding) {
    case 'png': {
      const png = decodePng(bytes)
      if (png.channels !== channels || png.bitDepth !== (dtype === 'u8' ? 8 : 16)) throw wrong(`${png.bitDepth}-bit × ${png.channels}`)
      return { name, dtype, width: png.width, height: png.height, channels, data: png.data }
    }
    case 'npz': {
      const array = decodeNpz(bytes)['data']
      if (!array) throw new DataError(`layer "${name}": the .npz has no array named "data"`)
      const [height, width, depth = 1] = array.shape
      const rank = channels === 1 ? 2 : 3
      if (array.shape.length !== rank || depth !== channels || !(array.data instanceof ARRAYS[dtype]))
        throw wrong(`${array.dtype} [${array.shape.join(', ')}]`)
      return { name, dtype, width: width!, height: height!, channels, data: array.data as Layer['data'] }
    }
    case 'exr': {
      const image = decodeExr(bytes)
      const names = EXR_NAMES[channels] ?? []
      const planes = names.map(n => image.channels.find(c => c.name === n))
      if (planes.some(p => !p) || image.channels.length !== channels) throw wrong(`channels ${image.channels.map(c => c.name).join(', ')}`)
      const data = new Float32Array(image.width * image.height * channels)
      planes.forEach((p, c) => {
        for (let i = 0; i < p!.data.length; i++) data[i * channels + c] = p!.data[i]!
      })
      return { name, dtype, width: image.width, height: image.height, channels, data }
    }
  }
}

/** Physical values: stored · scale + offset, f32. Depth in metres, normals in −1…1, flow in pixels. */
export function physicalValues(spec: LayerSpec, layer: Layer): Float32Array {
  if (spec.scale === 1 && spec.offset === 0 && layer.data instanceof Float32Array) return layer.data
  const out = new Float32Array(layer.data.length)
  for (let i = 0; i < out.length; i++) out[i] = layer.data[i]! * spec.scale + spec.offset
  return out
}
