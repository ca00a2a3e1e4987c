import { CodecError } from '../error.ts'
import { Reader } from '../reader.ts'
import { type ChannelInfo, COMPRESSIONS, type CompressionName } from './picture.ts'

export interface ExrHeader {
  readonly width: number
  readonly height: number
  /** First line of the data window. */
  readonly top: number
  readonly compression: CompressionName
  /** Lines a chunk. */
  readonly lines: number
  readonly channels: readonly ChannelInfo[]
}

/** How many bytes a compression can make of one, generously: what declares more is corrupt and costs no memory. */
const GREATEST_RATIO = { DWAA: 70000, DWAB: 70000 } as Partial<Record<CompressionName, number>>

const TYPES = ['uint', 'half', 'float'] as const

export function readHeader(reader: Reader): ExrHeader {
  if (reader.u32('the signature') !== 0x01312f76)
    throw new CodecError('exr.signature', 'not an OpenEXR file (wrong signature)', 'byte 0', 'Check the file type')
  const version = reader.u32('the version')
  if ((version & 255) !== 2)
    throw new CodecError('exr.unsupported', `OpenEXR version ${version & 255} is unknown`, 'byte 4', 'Export it as version 2')
  for (const [bit, what] of [
    [0x200, 'tiles'],
    [0x800, 'deep data'],
    [0x1000, 'several parts'],
  ] as const)
    if (version & bit)
      throw new CodecError('exr.unsupported', `an EXR file with ${what} is not read`, 'byte 4', 'Export it as one part of scan lines')
  const attributes = new Map<string, Uint8Array>()
  for (let name = reader.cstring('an attribute name'); name !== ''; name = reader.cstring('an attribute name')) {
    reader.cstring('an attribute type')
    attributes.set(name, reader.slice(reader.i32('an attribute size'), `the attribute ${name}`))
  }
  const get = (name: string, size: number) => {
    const value = attributes.get(name)
    if (!value || value.length < size)
      throw new CodecError(
        'exr.corrupt',
        `the attribute ${name} is missing or short`,
        'header',
        'The file is corrupt: fetch or export it again',
      )
    return value
  }
  const window = get('dataWindow', 16)
  const [left, top, right, bottom] = [0, 4, 8, 12].map(i => new DataView(window.buffer, window.byteOffset, 16).getInt32(i, true)) as [
    number,
    number,
    number,
    number,
  ]
  const width = right - left + 1
  const height = bottom - top + 1
  if (width < 1 || height < 1) throw new CodecError('exr.corrupt', `the data window is ${width}×${height}`, 'header', 'The file is corrupt')
  const code = get('compression', 1)[0]!
  const compression = COMPRESSIONS[code]
  if (!compression || compression.name.startsWith('B44'))
    throw new CodecError(
      'exr.unsupported',
      `the compression ${compression?.name ?? code} is not read`,
      'header',
      'Export it with ZIP or PIZ',
    )
  const channels = readChannels(get('channels', 1))
  const size = width * height * channels.reduce((sum, c) => sum + c.size, 0)
  if (size > reader.bytes.length * (GREATEST_RATIO[compression.name] ?? 1100) || size > 0xffffffff)
    throw new CodecError(
      'exr.corrupt',
      `${width}×${height} with ${channels.length} channels cannot be in ${reader.bytes.length} bytes`,
      'header',
      'The file is cut short or corrupt',
    )
  return { width, height, top, compression: compression.name, lines: compression.lines, channels }
}

function readChannels(bytes: Uint8Array): ChannelInfo[] {
  const reader = new Reader(bytes, 'exr')
  const out: ChannelInfo[] = []
  for (let name = reader.cstring('a channel name'); name !== ''; name = reader.cstring('a channel name')) {
    const type = TYPES[reader.i32('a channel type')]
    const linear = reader.u8('a channel') !== 0
    reader.take(3, 'a channel')
    const sampling = [reader.i32('the sampling'), reader.i32('the sampling')]
    if (!type) throw new CodecError('exr.corrupt', `channel ${name} has an unknown type`, 'header', 'The file is corrupt')
    if (sampling[0] !== 1 || sampling[1] !== 1)
      throw new CodecError(
        'exr.unsupported',
        `channel ${name} is sub-sampled ${sampling.join('×')}`,
        'header',
        'Export it as RGB, not luminance and chroma',
      )
    out.push({ name, type, size: type === 'half' ? 2 : 4, linear })
  }
  if (out.length === 0) throw new CodecError('exr.corrupt', 'the file has no channels', 'header', 'The file is corrupt')
  return out
}
