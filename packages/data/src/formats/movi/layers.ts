/**
 * Layers as Kubric writes them ↔ layers as they are here, file by file. Kubric's flow is (down, right) in 16 bits over a range of the whole clip, and its
 * backward flow points with the motion, position(t) − position(t−1); its depth is the distance along the ray; normals and coordinates are cut off, not
 * rounded, so reading takes the middle of a step.
 */
import { decodePng, decodeTiff, encodePng, encodeTiff } from '@dioramic/codec'
import { DataError } from '../../error.ts'
import type { Layer, LayerSpec } from '../../layer.ts'

export interface Range {
  readonly min: number
  readonly max: number
}

export interface MoviLayer {
  /** File name before `_00000`. */
  readonly file: string
  readonly extension: 'png' | 'tiff'
  /** What it is read as. */
  readonly spec: LayerSpec
  /** Layers of ours that it is written from, the first that there is. */
  readonly from: readonly string[]
  /** `values` are physical. */
  encode(values: ArrayLike<number>, width: number, height: number, range: Range | undefined): Uint8Array
  /** Stored values of `spec`. */
  decode(bytes: Uint8Array, range: Range | undefined): Layer
  /** How far a physical value may be from what it was made of. */
  rounding(range: Range | undefined): number
}

/** Kubric's depth where nothing is seen is 10¹⁰ m and more. */
const FAR = 1e9
const NOTHING = 1e10
const MOST = 65535

const float = { dtype: 'f32', encoding: 'npz', scale: 1, offset: 0 } as const

function picture(bytes: Uint8Array, name: string, channels: readonly number[], bits: 8 | 16, indices = false) {
  const png = decodePng(bytes, { indices })
  if (!channels.includes(png.channels) || png.bitDepth !== bits)
    throw new DataError(`is ${png.bitDepth}-bit × ${png.channels}, ${name} of MOVi is ${bits}-bit × ${channels.join(' or ')}`)
  return png
}

/** A 16-bit RGB of values from `low` to `high`, cut off to steps. */
function sixteen(file: string, spec: LayerSpec, from: readonly string[], low: number, high: number): MoviLayer {
  const scale = MOST / (high - low)
  return {
    file,
    extension: 'png',
    spec: { ...spec, dtype: 'u16', encoding: 'png', scale: 1 / scale, offset: low + 0.5 / scale },
    from,
    encode: (values, width, height) => {
      // A value that is a whole step up to the rounding of f32 is that step.
      const data = Uint16Array.from(values, x => Math.min(MOST, Math.max(0, Math.floor((x - low) * scale + 0.005))))
      return encodePng({ width, height, channels: 3, bitDepth: 16, data })
    },
    decode(bytes) {
      const { width, height, data } = picture(bytes, file, [3], 16)
      return { name: spec.name, dtype: 'u16', width, height, channels: 3, data }
    },
    rounding: () => 1 / scale,
  }
}

function flow(file: string, name: string, sign: 1 | -1): MoviLayer {
  const spec: LayerSpec = { name, channels: 2, ...float, unit: 'px', definition: `${file} as (right, down) to the neighbour frame` }
  return {
    file,
    extension: 'png',
    spec,
    from: [name],
    encode(values, width, height, range) {
      const { min, max } = range!
      const step = max > min ? MOST / (max - min) : 0
      const data = new Uint16Array(3 * width * height)
      for (let p = 0; p < width * height; p++)
        for (let k = 0; k < 2; k++) data[3 * p + k] = Math.max(0, Math.min(MOST, Math.floor((sign * values[2 * p + 1 - k]! - min) * step)))
      return encodePng({ width, height, channels: 3, bitDepth: 16, data })
    },
    decode(bytes, range) {
      const png = picture(bytes, file, [3], 16)
      if (!range) throw new DataError(`cannot be read: data_ranges.json has no range of ${file}`)
      const step = (range.max - range.min) / MOST
      const data = new Float32Array(2 * png.width * png.height)
      for (let p = 0; p < png.width * png.height; p++)
        for (let k = 0; k < 2; k++)
          data[2 * p + 1 - k] = sign * (range.min + step * Math.min(MOST, png.data[3 * p + k]! + (step > 0 ? 0.5 : 0)))
      return { name, dtype: 'f32', width: png.width, height: png.height, channels: 2, data }
    },
    rounding: range => (range ? (range.max - range.min) / MOST : 0),
  }
}

/** k colours of even hue, as Kubric's palette: index 0 is black. */
function palette(k: number): Uint8Array {
  const out = new Uint8Array(768)
  for (let i = 1; i < 256; i++) {
    const hue = (0.01 + (i - 1) / Math.max(1, k)) % 1
    // Lightness ½, saturation 0.7.
    for (let c = 0; c < 3; c++) {
      const t = (((hue + [1 / 3, 0, 2 / 3][c]!) % 1) + 1) % 1
      const share = t < 1 / 6 ? 6 * t : t < 1 / 2 ? 1 : t < 2 / 3 ? 4 - 6 * t : 0
      out[3 * i + c] = Math.round(255 * (0.15 + 0.7 * share))
    }
  }
  return out
}

const vector = { dtype: 'u16', channels: 3, encoding: 'png', scale: 1, offset: 0, unit: '1' } as const

export const MOVI_LAYERS: readonly MoviLayer[] = [
  {
    file: 'rgba',
    extension: 'png',
    spec: {
      name: 'rgb',
      dtype: 'u8',
      channels: 3,
      encoding: 'png',
      scale: 1 / 255,
      offset: 0,
      unit: 'display',
      definition: 'rgba without alpha',
    },
    from: ['rgb'],
    encode(values, width, height) {
      const data = new Uint8Array(4 * width * height).fill(255)
      for (let p = 0; p < width * height; p++) for (let c = 0; c < 3; c++) data[4 * p + c] = Math.round(255 * values[3 * p + c]!)
      return encodePng({ width, height, channels: 4, bitDepth: 8, data })
    },
    decode(bytes) {
      const png = picture(bytes, 'rgba', [3, 4], 8)
      const data = new Uint8Array(3 * png.width * png.height)
      for (let p = 0; p < png.width * png.height; p++) for (let c = 0; c < 3; c++) data[3 * p + c] = png.data[png.channels * p + c]!
      return { name: 'rgb', dtype: 'u8', width: png.width, height: png.height, channels: 3, data }
    },
    rounding: () => 0.5 / 255,
  },
  {
    file: 'segmentation',
    extension: 'png',
    spec: {
      name: 'segmentation',
      dtype: 'u16',
      channels: 1,
      encoding: 'png',
      scale: 1,
      offset: 0,
      unit: 'id',
      definition: 'place in instances, from 1',
    },
    from: ['segmentation'],
    encode(values, width, height) {
      const data = Uint8Array.from(values)
      return encodePng(
        { width, height, channels: 1, bitDepth: 8, data },
        { palette: palette(data.reduce((a, b) => Math.max(a, b), 0) + 1) },
      )
    },
    decode(bytes) {
      const { width, height, data } = picture(bytes, 'segmentation', [1], 8, true)
      return { name: 'segmentation', dtype: 'u16', width, height, channels: 1, data: Uint16Array.from(data) }
    },
    rounding: () => 0,
  },
  {
    file: 'depth',
    extension: 'tiff',
    spec: { name: 'distance', ...float, channels: 1, unit: 'm', definition: 'distance from the camera' },
    from: ['distance'],
    encode: (values, width, height) => encodeTiff({ width, height, data: Float32Array.from(values, d => (d === Infinity ? NOTHING : d)) }),
    decode(bytes) {
      const { width, height, data } = decodeTiff(bytes)
      return { name: 'distance', dtype: 'f32', width, height, channels: 1, data: data.map(d => (d >= FAR ? Infinity : d)) }
    },
    rounding: () => 0,
  },
  sixteen('normal', { name: 'normal-shading', ...vector, definition: 'shading normals, world' }, ['normal-shading', 'normal'], -1, 1),
  sixteen(
    'object_coordinates',
    { name: 'object-coordinates', ...vector, definition: 'place in the bounds of the object' },
    ['object-coordinates'],
    0,
    1,
  ),
  flow('forward_flow', 'flow-forward', 1),
  flow('backward_flow', 'flow-backward', -1),
]

/** `depth_00003.tiff` */
export const moviFile = ({ file, extension }: MoviLayer, frame: number): string => `${file}_${String(frame).padStart(5, '0')}.${extension}`
