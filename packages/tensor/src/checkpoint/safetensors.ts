import type { NDArray } from '../graph/array.ts'
import { type ByteSink, type ByteSource, readBytes } from './bytes.ts'
import { CheckpointError } from './error.ts'
import { encodeHeader, MAX_HEADER, parseHeader, type SafetensorsEntry } from './safetensors-header.ts'
import { allocate, arrayDtype, decodePiece, encodeArray, requireStorable, type StoredDtype, storedBytes } from './stored.ts'

/** Types in the order in which the reference implementation writes them. */
const ORDER: readonly StoredDtype[] = ['i64', 'f64', 'f32', 'i32', 'bf16', 'f16', 'i16', 'i8', 'u8', 'bool']

/** Bytes read at a time. */
const PIECE = 1 << 24

/** An array to be written, and the type it has in the file: its own unless told. f32 may be stored as f16 or bf16, f64 as f32, i64 as a narrower integer. */
export interface SafetensorsItem {
  readonly name: string
  readonly array: NDArray
  readonly as?: StoredDtype | undefined
}

/** An open file whose header holds. */
export interface Safetensors {
  readonly source: ByteSource
  /** By name, in the order of their data. */
  readonly entries: ReadonlyMap<string, SafetensorsEntry>
  readonly metadata: ReadonlyMap<string, string>
  /**
   * Reads one array: f16 and bf16 come as f32, integers as i64. `tap` is shown the stored bytes on the way.
   * Throws CheckpointError where there is no such array.
   */
  array(name: string, tap?: (bytes: Uint8Array) => void): Promise<NDArray>
  /** Fills `into` with the stored bytes of an array from element `from` on. */
  read(name: string, from: number, into: Uint8Array<ArrayBuffer>): Promise<void>
}

/** An array to be written whose bytes are made while it is written: memory does not hold it. */
export interface SafetensorsStream {
  readonly name: string
  readonly dtype: StoredDtype
  readonly shape: readonly number[]
  /** Its little-endian bytes in order. A piece may be overwritten by the next. */
  pieces(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** Reads and checks the header of a safetensors file; no data is read yet. Throws CheckpointError for a file that does not keep to the format. */
export async function openSafetensors(source: ByteSource): Promise<Safetensors> {
  const first = await readBytes(source, 0, 8, 'the length of the header')
  const length = new DataView(first.buffer).getBigUint64(0, true)
  if (length > BigInt(MAX_HEADER))
    throw new CheckpointError(`${source.name}: the header should be ${length} bytes long. This is no safetensors file, or a corrupt one.`)
  const dataStart = 8 + Number(length)
  const bytes = await readBytes(source, 8, Number(length), 'the header')
  const { entries, metadata } = parseHeader(text(bytes, source.name), source.size - dataStart, source.name)
  const byName = new Map(entries.map(e => [e.name, e]))
  const entryOf = (name: string): SafetensorsEntry => {
    const entry = byName.get(name)
    if (!entry) throw new CheckpointError(`${source.name} holds no array "${name}". It has ${listed([...byName.keys()])}.`)
    return entry
  }
  return {
    source,
    entries: byName,
    metadata,
    array: async (name, tap) => readArray(source, dataStart, entryOf(name), tap),
    read: async (name, from, into) => {
      const e = entryOf(name)
      await source.readInto(dataStart + e.begin + from * storedBytes(e.dtype), into)
    },
  }
}

/**
 * Writes a safetensors file: arrays in the order of types (falling element size) and then of names, byte for byte as the reference implementation does, so
 * each begins at a multiple of its element. Streams: memory does not grow with the arrays. They must not change until the promise is fulfilled.
 * Throws CheckpointError, before anything is written, for doubled names and types that cannot be stored; while writing, where a number
 * does not fit its narrower type.
 */
export async function writeSafetensors(
  sink: ByteSink,
  items: readonly SafetensorsItem[],
  metadata: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const { streams, header } = layout(items, metadata)
  await sink.write(header)
  for (const s of streams) for (const piece of encodeArray(s.name, s.array, s.as)) await sink.write(piece)
}

/**
 * Writes a safetensors file, byte for byte as `writeSafetensors` does, of arrays that are made while they are written.
 * Throws CheckpointError, before anything is written, for doubled names; while writing, where the pieces of an array are not as long as its shape says.
 */
export async function streamSafetensors(
  sink: ByteSink,
  streams: readonly SafetensorsStream[],
  metadata: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const ordered = [...streams].sort(inOrder)
  const entries = placed(ordered)
  await sink.write(encodeHeader(entries, metadata))
  for (const [i, s] of ordered.entries()) {
    let left = entries[i]!.end - entries[i]!.begin
    for await (const piece of s.pieces()) {
      left -= piece.length
      await sink.write(piece)
    }
    if (left !== 0)
      throw new CheckpointError(
        `"${s.name}" of shape [${s.shape}] was given ${Math.abs(left)} bytes too ${left > 0 ? 'few' : 'many'}. Give what its shape says.`,
      )
  }
}

type Named = Pick<SafetensorsStream, 'name' | 'dtype' | 'shape'>

const inOrder = (a: Named, b: Named): number => ORDER.indexOf(a.dtype) - ORDER.indexOf(b.dtype) || (a.name < b.name ? -1 : 1)

/** Where the arrays of a file will lie, one behind the other. */
function placed(list: readonly Named[]): SafetensorsEntry[] {
  const names = new Set<string>()
  let at = 0
  return list.map(({ name, dtype, shape }) => {
    if (name === '__metadata__') throw new CheckpointError('"__metadata__" cannot be the name of an array. Choose another name.')
    if (names.has(name)) throw new CheckpointError(`Two arrays are called "${name}". Give each its own name.`)
    names.add(name)
    const begin = at
    at += shape.reduce((n, d) => n * d, storedBytes(dtype))
    return { name, dtype, shape, begin, end: at }
  })
}

/** What a file will hold: the header and the arrays in order. Arrays of `last` are put behind all others. */
export function layout(items: readonly SafetensorsItem[], metadata: ReadonlyMap<string, string>, last: readonly SafetensorsItem[] = []) {
  const typed = (i: SafetensorsItem) => ({ ...i, as: i.as ?? i.array.dtype, dtype: i.as ?? i.array.dtype, shape: i.array.shape })
  const streams = [...items.map(typed).sort(inOrder), ...last.map(typed)]
  const entries = placed(streams)
  for (const s of streams) requireStorable(s.name, s.array, s.as)
  return { streams, header: encodeHeader(entries, metadata) }
}

async function readArray(source: ByteSource, dataStart: number, e: SafetensorsEntry, tap?: (bytes: Uint8Array) => void): Promise<NDArray> {
  const what = `${source.name}, array "${e.name}"`
  const size = storedBytes(e.dtype)
  const data = allocate(e.dtype, (e.end - e.begin) / size, what)
  const buffer = new Uint8Array(Math.min(PIECE, e.end - e.begin))
  for (let at = e.begin; at < e.end; at += PIECE) {
    const piece = buffer.subarray(0, Math.min(PIECE, e.end - at))
    await source.readInto(dataStart + at, piece)
    tap?.(piece)
    decodePiece(piece, e.dtype, data, (at - e.begin) / size, what)
  }
  return { dtype: arrayDtype(e.dtype), shape: e.shape, data }
}

function text(bytes: Uint8Array<ArrayBuffer>, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new CheckpointError(`${name}: the header is not UTF-8 text. The file is corrupt: copy or write it again.`)
  }
}

/** The first names of a list, for a message. */
export function listed(names: readonly string[], most = 10): string {
  if (names.length === 0) return 'none'
  return names.slice(0, most).join(', ') + (names.length > most ? ` and ${names.length - most} more` : '')
}
