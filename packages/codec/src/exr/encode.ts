import { CodecError } from '../error.ts'
import { toHalves } from '../half.ts'
import { concat, littleEndianBytes } from '../reader.ts'
import type { ExrChannel, ExrImage } from './picture.ts'
import { zipBlock } from './zip.ts'

const TYPE_CODES = { uint: 0, half: 1, float: 2 } as const
const LINES = 16

/**
 * A one-part scan-line OpenEXR file with ZIP compression (16 lines a chunk), channels sorted by name as the format wants it.
 * Values beyond ±65519 become infinite in half channels. Throws CodecError where names, types or sizes do not fit together.
 */
export function encodeExr(image: ExrImage): Uint8Array {
  const { width, height } = image
  check(image)
  const channels = image.channels.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const planes = channels.map(c => littleEndianBytes(c.type === 'half' ? toHalves(c.data as Float32Array) : c.data))
  const rows = planes.map(p => p.length / height)
  const lineBytes = rows.reduce((sum, n) => sum + n, 0)
  const header = writeHeader(width, height, channels)
  const count = Math.ceil(height / LINES)
  const table = new Uint8Array(8 * count)
  const tableView = new DataView(table.buffer)
  const parts = [header, table]
  let offset = header.length + table.length
  for (let chunk = 0; chunk < count; chunk++) {
    const first = chunk * LINES
    const last = Math.min(height, first + LINES)
    const raw = new Uint8Array((last - first) * lineBytes)
    let at = 0
    for (let y = first; y < last; y++)
      for (let c = 0; c < planes.length; c++) {
        raw.set(planes[c]!.subarray(y * rows[c]!, (y + 1) * rows[c]!), at)
        at += rows[c]!
      }
    const zipped = zipBlock(raw)
    const body = zipped.length < raw.length ? zipped : raw
    const head = new Uint8Array(8)
    const view = new DataView(head.buffer)
    view.setInt32(0, first, true)
    view.setInt32(4, body.length, true)
    tableView.setBigUint64(8 * chunk, BigInt(offset), true)
    parts.push(head, body)
    offset += 8 + body.length
  }
  return concat(parts)
}

function check({ width, height, channels }: ExrImage): void {
  const bad = (what: string, hint: string) => new CodecError('exr.argument', what, undefined, hint)
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0))
    throw bad(`an EXR of ${width}×${height} cannot be`, 'Give width and height as positive integers')
  if (channels.length === 0) throw bad('an EXR needs a channel', 'Give R, G and B, or others')
  const names = new Set<string>()
  for (const { name, type, data } of channels) {
    if (!/^[\x21-\x7e]{1,31}$/.test(name) || names.has(name))
      throw bad(`the channel name "${name}" is not of 1 to 31 ASCII letters, or there twice`, 'Rename it')
    names.add(name)
    if (!Object.hasOwn(TYPE_CODES, type) || (type === 'uint' ? !(data instanceof Uint32Array) : !(data instanceof Float32Array)))
      throw bad(
        `channel ${name} of type ${type} cannot hold ${data?.constructor?.name}`,
        'Give Float32Array for half and float, Uint32Array for uint',
      )
    if (data.length !== width * height) throw bad(`channel ${name} has ${data.length} values, not ${width}·${height}`, 'Check the shape')
  }
}

function writeHeader(width: number, height: number, channels: readonly ExrChannel[]): Uint8Array {
  const ascii = (text: string) => Uint8Array.from([...text].map(c => c.charCodeAt(0)).concat(0))
  const attribute = (name: string, type: string, value: Uint8Array) => [ascii(name), ascii(type), i32(value.length), value]
  const window = i32(0, 0, width - 1, height - 1)
  const list = concat([
    ...channels.flatMap(c => [ascii(c.name), i32(TYPE_CODES[c.type]), Uint8Array.of(0, 0, 0, 0), i32(1, 1)]),
    Uint8Array.of(0),
  ])
  return concat([
    Uint8Array.of(0x76, 0x2f, 0x31, 0x01, 2, 0, 0, 0),
    ...attribute('channels', 'chlist', list),
    ...attribute('compression', 'compression', Uint8Array.of(3)),
    ...attribute('dataWindow', 'box2i', window),
    ...attribute('displayWindow', 'box2i', window),
    ...attribute('lineOrder', 'lineOrder', Uint8Array.of(0)),
    ...attribute('pixelAspectRatio', 'float', f32(1)),
    ...attribute('screenWindowCenter', 'v2f', f32(0, 0)),
    ...attribute('screenWindowWidth', 'float', f32(1)),
    Uint8Array.of(0),
  ])
}

const i32 = (...values: number[]) => littleEndianBytes(Int32Array.from(values))
const f32 = (...values: number[]) => littleEndianBytes(Float32Array.from(values))
