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
  return {
    source,
    entries: byName,
    metadata,
    array: async (name, tap) => {
      const entry = byName.get(name)
      if (!entry) throw new CheckpointError(`${source.name} holds no array "${name}". It has ${listed([...byName.keys()])}.`)
      return readArray(source, dataStart, entry, tap)
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

/** What a file will hold: the header and the arrays in order. Arrays of `last` are put behind all others. */
export function layout(items: readonly SafetensorsItem[], metadata: ReadonlyMap<string, string>, last: readonly SafetensorsItem[] = []) {
  const ordered = items
    .map(i => ({ ...i, as: i.as ?? i.array.dtype }))
    .sort((a, b) => ORDER.indexOf(a.as) - ORDER.indexOf(b.as) || (a.name < b.name ? -1 : 1))
  const streams = [...ordered, ...last.map(i => ({ ...i, as: i.as ?? i.array.dtype }))]
  const entries = new Map<string, SafetensorsEntry>()
  let at = 0
  for (const s of streams) {
    if (s.name === '__metadata__') throw new CheckpointError('"__metadata__" cannot be the name of an array. Choose another name.')
    if (entries.has(s.name)) throw new CheckpointError(`Two arrays are called "${s.name}". Give each its own name.`)
    requireStorable(s.name, s.array, s.as)
    const end = at + s.array.data.length * storedBytes(s.as)
    entries.set(s.name, { name: s.name, dtype: s.as, shape: s.array.shape, begin: at, end })
    at = end
  }
  return { streams, header: encodeHeader([...entries.values()], metadata) }
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
