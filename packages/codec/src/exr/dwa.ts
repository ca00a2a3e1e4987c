import { inflate } from '../deflate.ts'
import { CodecError } from '../error.ts'
import { halfToFloat } from '../half.ts'
import { Reader } from '../reader.ts'
import { type Coefficients, decodeLossy } from './dwa-lossy.ts'
import { classify } from './dwa-rules.ts'
import { unhuffman } from './huffman.ts'
import type { Block } from './picture.ts'
import { unrunBytes } from './rle.ts'
import { undoPredictor } from './zip.ts'

/**
 * DWAA and DWAB: colour channels as quantised 8×8 cosine transforms of perceptual values (R, G, B together as luma and chroma), alpha in
 * runs of bytes, others in zlib. Layout: eleven 64-bit sizes, rules that say which channel is kept how, then the four streams.
 */
export function undwaBlock(packed: Uint8Array, block: Block): Uint8Array {
  const { width, lines, channels } = block
  const reader = new Reader(packed, 'exr')
  const sizes = Array.from({ length: 11 }, () => {
    const low = reader.u32('a DWA header')
    const high = reader.u32('a DWA header')
    if (high !== 0) throw corrupt('a size is out of range')
    return low
  }) as [number, number, number, number, number, number, number, number, number, number, number]
  const [version, plainSize, plainPacked, acPacked, dcPacked, runsPacked, runsInflated, runsSize, acCount, dcCount, acMethod] = sizes
  if (version > 2) throw new CodecError('exr.unsupported', `DWA version ${version} is unknown`, undefined, 'Export it with ZIP or PIZ')
  const { schemes, triples } = classify(reader, version, channels)
  const pixels = width * lines
  const plainBytes = reader.slice(plainPacked, 'DWA data')
  const acBytes = reader.slice(acPacked, 'DWA data')
  const dcBytes = reader.slice(dcPacked, 'DWA data')
  const runBytes = reader.slice(runsPacked, 'DWA data')

  let wantedPlain = 0
  let wantedRuns = 0
  let lossy = 0
  channels.forEach((c, i) => {
    if (schemes[i] === 'plain') wantedPlain += c.size * pixels
    else if (schemes[i] === 'runs') wantedRuns += c.size * pixels
    else lossy++
  })
  const blocks = Math.ceil(width / 8) * Math.ceil(lines / 8) * lossy
  if (
    plainSize !== wantedPlain ||
    runsSize !== wantedRuns ||
    dcCount !== blocks ||
    acCount > 63 * blocks ||
    runsInflated > 2 * runsSize + 2
  )
    throw corrupt('the sizes do not fit the channels')
  const plain = plainSize > 0 ? inflate(plainBytes, plainSize, 'exr') : new Uint8Array(0)
  const runs = runsSize > 0 ? unrunBytes(inflate(runBytes, runsInflated, 'exr'), runsSize) : new Uint8Array(0)
  const ac = acCount === 0 ? new Uint16Array(0) : acMethod === 0 ? unhuffman(acBytes, acCount) : words(inflate(acBytes, 2 * acCount, 'exr'))
  const dc = dcCount === 0 ? new Uint16Array(0) : words(undoPredictor(inflate(dcBytes, 2 * dcCount, 'exr')))

  const planes: Uint8Array[] = []
  const coefficients: Coefficients = { ac, dc, acAt: 0, dcAt: 0 }
  const keep = (index: number, halves: Uint16Array) => {
    planes[index] = halfPlane(halves, channels[index]!.size)
  }
  for (const triple of triples) {
    const out = decodeLossy(coefficients, width, lines, [false, false, false])
    triple.forEach((channel, i) => {
      keep(channel, out[i]!)
    })
  }
  let plainAt = 0
  let runsAt = 0
  channels.forEach((c, i) => {
    if (planes[i]) return
    const size = c.size * pixels
    if (schemes[i] === 'plain') planes[i] = plain.subarray(plainAt, (plainAt += size))
    else if (schemes[i] === 'runs') planes[i] = interleave(runs.subarray(runsAt, (runsAt += size)), c.size)
    else keep(i, decodeLossy(coefficients, width, lines, [c.linear])[0]!)
  })
  return rowsOf(planes, block)
}

const corrupt = (what: string) =>
  new CodecError('exr.corrupt', `the DWA data is corrupt: ${what}`, undefined, 'The file is corrupt: fetch or export it again')

/** Little-endian 16-bit values, whatever the host. */
function words(bytes: Uint8Array): Uint16Array {
  const out = new Uint16Array(bytes.length >> 1)
  for (let i = 0; i < out.length; i++) out[i] = bytes[2 * i]! | (bytes[2 * i + 1]! << 8)
  return out
}

/** Bytes of half or float values, little-endian. */
function halfPlane(halves: Uint16Array, size: 2 | 4): Uint8Array {
  const out = new Uint8Array(halves.length * size)
  const view = new DataView(out.buffer)
  for (let i = 0; i < halves.length; i++)
    if (size === 2) view.setUint16(2 * i, halves[i]!, true)
    else view.setFloat32(4 * i, halfToFloat(halves[i]!), true)
  return out
}

/** First bytes of all values, second bytes, … to values. */
function interleave(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(bytes.length)
  const count = bytes.length / size
  for (let b = 0; b < size; b++) for (let i = 0; i < count; i++) out[i * size + b] = bytes[b * count + i]!
  return out
}

function rowsOf(planes: readonly Uint8Array[], { width, lines, channels, size }: Block): Uint8Array {
  const out = new Uint8Array(size)
  let to = 0
  for (let y = 0; y < lines; y++)
    channels.forEach((c, i) => {
      const row = c.size * width
      out.set(planes[i]!.subarray(y * row, (y + 1) * row), to)
      to += row
    })
  return out
}
