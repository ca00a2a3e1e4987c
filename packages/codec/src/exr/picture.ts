/** How a channel's values are kept in the file. */
export type ExrType = 'half' | 'float' | 'uint'

export interface ExrChannel {
  /** `R`, `G`, `B`, `A`, `Z`, `layer.name`, … */
  readonly name: string
  readonly type: ExrType
  /** Row-major, row 0 at the top. Numbers for half and float (rounded to the nearest half when written), Uint32Array for uint. */
  readonly data: Float32Array | Uint32Array
}

export interface ExrImage {
  readonly width: number
  readonly height: number
  readonly channels: readonly ExrChannel[]
}

/** Codes and lines a chunk of every compression (OpenEXR file layout). */
export const COMPRESSIONS = [
  { name: 'NONE', lines: 1 },
  { name: 'RLE', lines: 1 },
  { name: 'ZIPS', lines: 1 },
  { name: 'ZIP', lines: 16 },
  { name: 'PIZ', lines: 32 },
  { name: 'PXR24', lines: 16 },
  { name: 'B44', lines: 32 },
  { name: 'B44A', lines: 32 },
  { name: 'DWAA', lines: 32 },
  { name: 'DWAB', lines: 256 },
] as const

export type CompressionName = (typeof COMPRESSIONS)[number]['name']

/** A channel as the header tells it. */
export interface ChannelInfo {
  readonly name: string
  readonly type: ExrType
  /** Bytes a value: 2 or 4. */
  readonly size: 2 | 4
  /** Whether lossy compression should take the values as perceptually linear already. */
  readonly linear: boolean
}

/** A chunk to unpack: `lines` rows of all channels one after the other. */
export interface Block {
  readonly width: number
  readonly lines: number
  readonly channels: readonly ChannelInfo[]
  /** Unpacked bytes. */
  readonly size: number
}
