import { crc32 } from '../checksum.ts'
import { inflate } from '../deflate.ts'
import { CodecError, guarded } from '../error.ts'
import { concat, Reader } from '../reader.ts'
import { unfilterRows } from './filter.ts'
import { PNG_SIGNATURE, type PngImage } from './picture.ts'

interface Header {
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly colour: number
  readonly interlaced: boolean
}

const SAMPLES: Readonly<Record<number, 1 | 2 | 3 | 4>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const DEPTHS: Readonly<Record<number, readonly number[]>> = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] }
/** Adam7: x and y of the first pixel, then the steps (PNG specification 8.2). */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

/**
 * Reads every PNG the specification knows: palettes become RGB or RGBA, depths under 8 are scaled up to 8 bits, tRNS becomes an alpha
 * channel, Adam7 is undone. Colour profiles and gamma are not applied. With `indices`, a palette picture gives its indices (8 bits, 1 channel) instead of
 * their colours. Throws CodecError on corrupt or unknown data.
 */
export function decodePng(bytes: Uint8Array, options: { readonly indices?: boolean } = {}): PngImage {
  return guarded('png', () => decode(bytes, options.indices ?? false))
}

function decode(bytes: Uint8Array, indices: boolean): PngImage {
  const reader = new Reader(bytes, 'png')
  const signature = reader.slice(8, 'the signature')
  if (PNG_SIGNATURE.some((b, i) => signature[i] !== b))
    throw new CodecError('png.signature', 'not a PNG (wrong signature)', 'byte 0', 'Check the file type')
  let header: Header | undefined
  let palette: Uint8Array | undefined
  let transparency: Uint8Array | undefined
  const data: Uint8Array[] = []
  for (let ended = false; !ended; ) {
    const at = reader.offset
    const length = reader.u32('a chunk length', false)
    const named = reader.slice(4, 'a chunk type')
    const type = String.fromCharCode(...named)
    const body = reader.slice(length, `the chunk ${type}`)
    if (reader.u32(`the CRC of ${type}`, false) !== crc32(body, crc32(named)))
      throw new CodecError(
        'png.checksum',
        `the CRC of chunk ${type} is wrong`,
        `byte ${at}`,
        'The file is corrupt: fetch or export it again',
      )
    if (!header && type !== 'IHDR') throw corrupt(`the first chunk is ${type}, not IHDR`, at)
    if (type === 'IHDR') header = readHeader(body, at)
    else if (type === 'PLTE') palette = body
    else if (type === 'tRNS') transparency = body
    else if (type === 'IDAT') data.push(body)
    else if (type === 'IEND') ended = true
    else if ((named[0]! & 32) === 0)
      throw new CodecError('png.unsupported', `critical chunk ${type} is unknown`, `byte ${at}`, 'Export a standard PNG')
  }
  if (palette && (palette.length % 3 !== 0 || palette.length > 768)) throw corrupt('the palette is not up to 256 RGB triples')
  if (header!.colour === 3 && !palette) throw corrupt('a palette picture has no PLTE chunk')
  const samples = unpack(header!, concat(data))
  if (indices && header!.colour === 3) return { width: header!.width, height: header!.height, channels: 1, bitDepth: 8, data: samples }
  return expand(header!, samples, palette, transparency)
}

const corrupt = (what: string, at?: number) =>
  new CodecError('png.corrupt', what, at === undefined ? undefined : `byte ${at}`, 'The file is corrupt: fetch or export it again')

function readHeader(body: Uint8Array, at: number): Header {
  if (body.length !== 13) throw corrupt(`IHDR has ${body.length} bytes, not 13`, at)
  const view = new DataView(body.buffer, body.byteOffset, 13)
  const [width, height, depth, colour, interlace] = [view.getUint32(0), view.getUint32(4), body[8]!, body[9]!, body[12]!]
  if (width === 0 || height === 0 || width > 0x7fffffff || height > 0x7fffffff) throw corrupt(`the size ${width}×${height} cannot be`, at)
  if (!DEPTHS[colour]?.includes(depth)) throw corrupt(`colour type ${colour} with ${depth} bits does not exist`, at)
  if (body[10] !== 0 || body[11] !== 0 || interlace > 1) throw corrupt('unknown compression, filter or interlace method', at)
  return { width, height, depth, colour, interlaced: interlace === 1 }
}

/** Inflates and unfilters into one value a sample, interleaved. */
function unpack({ width, height, depth, colour, interlaced }: Header, packed: Uint8Array): Uint8Array | Uint16Array {
  const samples = SAMPLES[colour]!
  const passes = (interlaced ? PASSES : ([[0, 0, 1, 1]] as const)).map(([x0, y0, dx, dy]) => {
    const columns = Math.ceil((width - x0) / dx)
    const rows = columns > 0 ? Math.ceil((height - y0) / dy) : 0
    return { x0, y0, dx, dy, columns, rows, stride: Math.ceil((columns * samples * depth) / 8) }
  })
  let size = 0
  for (const p of passes) if (p.rows > 0) size += p.rows * (p.stride + 1)
  const raw = inflate(packed, size, 'png')
  const out = depth === 16 ? new Uint16Array(width * height * samples) : new Uint8Array(width * height * samples)
  const step = Math.max(1, (samples * depth) >> 3)
  let at = 0
  for (const pass of passes) {
    if (pass.rows <= 0) continue
    const bytes = raw.subarray(at, (at += pass.rows * (pass.stride + 1)))
    if (!unfilterRows(bytes, pass.rows, pass.stride, step)) throw corrupt('an unknown row filter')
    for (let r = 0; r < pass.rows; r++) {
      const row = bytes.subarray(r * (pass.stride + 1) + 1, (r + 1) * (pass.stride + 1))
      const first = ((pass.y0 + r * pass.dy) * width + pass.x0) * samples
      if (depth === 8 && pass.dx === 1 && pass.columns === width) {
        ;(out as Uint8Array).set(row, first)
        continue
      }
      for (let c = 0; c < pass.columns; c++)
        for (let s = 0; s < samples; s++) {
          const i = c * samples + s
          out[first + c * pass.dx * samples + s] =
            depth === 16
              ? (row[2 * i]! << 8) | row[2 * i + 1]!
              : depth === 8
                ? row[i]!
                : (row[(i * depth) >> 3]! >> (8 - depth - ((i * depth) & 7))) & ((1 << depth) - 1)
        }
    }
  }
  return out
}

/** Palette, transparency and low depths to plain channels. */
function expand(h: Header, raw: Uint8Array | Uint16Array, palette?: Uint8Array, transparency?: Uint8Array): PngImage {
  const { width, height, colour } = h
  const pixels = width * height
  const bitDepth = h.depth === 16 ? 16 : 8
  if (colour === 3) {
    const channels = transparency ? 4 : 3
    const data = new Uint8Array(pixels * channels)
    for (let i = 0; i < pixels; i++) {
      const index = raw[i]!
      if (index * 3 >= palette!.length) throw corrupt(`pixel ${i} has index ${index}, the palette ${palette!.length / 3} colours`)
      for (let c = 0; c < 3; c++) data[i * channels + c] = palette![index * 3 + c]!
      if (transparency) data[i * 4 + 3] = transparency[index] ?? 255
    }
    return { width, height, channels, bitDepth: 8, data }
  }
  const samples = SAMPLES[colour]!
  const scale = h.depth < 8 ? 255 / ((1 << h.depth) - 1) : 1
  const keyed = transparency && (colour === 0 || colour === 2)
  if (!keyed) {
    if (scale !== 1) for (let i = 0; i < raw.length; i++) raw[i] = raw[i]! * scale
    return { width, height, channels: samples, bitDepth, data: raw }
  }
  if (transparency.length !== 2 * samples) throw corrupt(`tRNS has ${transparency.length} bytes, not ${2 * samples}`)
  const channels = (samples + 1) as 2 | 4
  const mask = (1 << h.depth) - 1
  const key = Array.from({ length: samples }, (_, c) => ((transparency[2 * c]! << 8) | transparency[2 * c + 1]!) & mask)
  const data = bitDepth === 16 ? new Uint16Array(pixels * channels) : new Uint8Array(pixels * channels)
  for (let i = 0; i < pixels; i++) {
    let same = true
    for (let c = 0; c < samples; c++) {
      const value = raw[i * samples + c]!
      if (value !== key[c]) same = false
      data[i * channels + c] = value * scale
    }
    data[i * channels + samples] = same ? 0 : bitDepth === 16 ? 65535 : 255
  }
  return { width, height, channels, bitDepth, data }
}
