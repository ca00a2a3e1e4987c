import type { NDArray } from '../graph/array.ts'
import { type MapTree, mapTree, type Tree } from '../graph/tree.ts'
import type { ByteSink, ByteSource } from './bytes.ts'
import { crc32c } from './crc.ts'
import { CheckpointError } from './error.ts'
import { type ArrayType, flatArrays, requireFit } from './fit.ts'
import { type Json, parseRecord, stringifyRecord } from './record.ts'
import { layout, openSafetensors, type Safetensors, type SafetensorsItem } from './safetensors.ts'
import { arrayDtype, encodeArray, type StoredDtype } from './stored.ts'

/** Format of what this file writes. Readers refuse a higher one. */
const VERSION = 1
/** Metadata entry with the record. */
const RECORD = 'dioramic.state'
/** Metadata entry with the CRC-32C of the record's text, in hexadecimal. */
const RECORD_SUM = 'dioramic.state.crc32c'
/** The last array of a file: the CRC-32C of each array's stored bytes before it, in the order of the data, little-endian. */
const CHECKSUMS = 'dioramic.crc32c'

/** What computed a state. Training goes on bit by bit the same only where all of it is equal. */
export interface Origin {
  readonly library: string
  readonly onnxruntime: string
  readonly threads: number
}

/** A whole training state: trees of arrays (parameters, layer state, optimiser, EMA …) and a record (step, keys, schedule, loader position …). */
export interface TrainState<T, R extends Json> {
  readonly arrays: T
  readonly record: R
  readonly origin: Origin
}

/** How to store arrays. */
export interface SaveOptions {
  /** The type in the file of the array at a path; its own where undefined. f16 and bf16 halve a file and lose exact resumption. */
  readonly storage?: ((path: string, array: NDArray) => StoredDtype | undefined) | undefined
}

/** What loading needs to know. */
export interface LoadOptions<R extends Json> {
  /** Checks the record and gives it its type; throws where it is not what the run needs. */
  readonly record?: ((record: Json) => R) | undefined
  /** What computes now, to be held against what computed then. */
  readonly origin?: Origin | undefined
}

/**
 * Writes a training state as one safetensors file, arrays under their paths (`params/block/0/w`), with checksums. Other tools can open it.
 * Streams; the arrays must not change until the promise is fulfilled. For a file that is there whole or not at all, use `saveStateFile` of `tensor/node`.
 * Throws CheckpointError for arrays, paths or records that cannot be stored.
 */
export async function saveState<R extends Json>(sink: ByteSink, state: TrainState<unknown, R>, options: SaveOptions = {}): Promise<void> {
  const flat = flatArrays(state.arrays as Tree<NDArray>)
  if (flat.has(CHECKSUMS)) throw new CheckpointError(`An array cannot have the path "${CHECKSUMS}". Rename it.`)
  const items: SafetensorsItem[] = [...flat].map(([name, array]) => ({ name, array, as: options.storage?.(name, array) }))
  const record = stringifyRecord({ version: VERSION, origin: { ...state.origin }, record: state.record })
  const sums = new Uint8Array(4 * items.length)
  const view = new DataView(sums.buffer)
  const placeholder: NDArray = { dtype: 'i64', shape: [items.length, 4], data: new BigInt64Array(sums.length) }
  const { streams, header } = layout(
    items,
    new Map([
      [RECORD, record],
      [RECORD_SUM, textSum(record)],
    ]),
    [{ name: CHECKSUMS, array: placeholder, as: 'u8' }],
  )
  await sink.write(header)
  for (const [i, s] of streams.slice(0, -1).entries()) {
    const crc = crc32c()
    for (const piece of encodeArray(s.name, s.array, s.as)) {
      crc.update(piece)
      await sink.write(piece)
    }
    view.setUint32(4 * i, crc.value, true)
  }
  await sink.write(sums)
}

/**
 * Reads a training state. Everything is checked before anything is handed out: the format, the record, then names, shapes and types against
 * `expected` (a tree of arrays or of `{ dtype, shape }`), then the checksums. The arrays are new; `expected` is not written to.
 * `differences` says in words where what computed then is not what computes now.
 * Throws CheckpointError; one error lists all arrays that do not fit.
 */
export async function loadState<T, R extends Json = Json>(
  source: ByteSource,
  expected: T,
  options: LoadOptions<R> = {},
): Promise<TrainState<MapTree<T, ArrayType, NDArray>, R> & { readonly differences: readonly string[] }> {
  const file = await openSafetensors(source)
  const { origin, record } = readRecord(file)
  const typed = options.record ? options.record(record) : (record as R)
  const found = arraysOf(file)
  requireFit(flatArrays(expected as Tree<ArrayType>), found, source.name)
  const arrays = await readArrays(file, found)
  return {
    arrays: mapTree(expected, (_leaf: ArrayType, path) => arrays.get(path)!) as MapTree<T, ArrayType, NDArray>,
    record: typed,
    origin,
    differences: options.origin ? differences(origin, options.origin) : [],
  }
}

/**
 * Reads one part of a file, such as `params` for a model in use: a tree like `expected` from the arrays whose paths begin with `prefix/`
 * (all arrays for the empty prefix). Any safetensors file will do, f16 and bf16 come as f32; checksums are held where there are some.
 */
export async function loadArrays<T>(source: ByteSource, expected: T, prefix = ''): Promise<MapTree<T, ArrayType, NDArray>> {
  const file = await openSafetensors(source)
  const start = prefix === '' ? '' : `${prefix}/`
  const found = new Map([...arraysOf(file)].filter(([name]) => name.startsWith(start)))
  const wanted = new Map([...flatArrays(expected as Tree<ArrayType>)].map(([path, t]) => [start + path, t]))
  requireFit(wanted, found, prefix === '' ? source.name : `${source.name}, part "${prefix}",`)
  const arrays = await readArrays(file, found)
  return mapTree(expected, (_leaf: ArrayType, path) => arrays.get(start + path)!) as MapTree<T, ArrayType, NDArray>
}

const arraysOf = (file: Safetensors): Map<string, ArrayType> =>
  new Map([...file.entries.values()].filter(e => e.name !== CHECKSUMS).map(e => [e.name, { dtype: arrayDtype(e.dtype), shape: e.shape }]))

/** Reads the arrays that `wanted` names and holds them against their checksums. */
async function readArrays(file: Safetensors, wanted: ReadonlyMap<string, unknown>): Promise<Map<string, NDArray>> {
  const sums = await readChecksums(file)
  const out = new Map<string, NDArray>()
  let i = 0
  for (const name of file.entries.keys()) {
    const sum = sums?.[i++]
    if (!wanted.has(name)) continue
    const crc = crc32c()
    out.set(name, await file.array(name, sum === undefined ? undefined : bytes => crc.update(bytes)))
    if (sum !== undefined && crc.value !== sum)
      throw new CheckpointError(
        `${file.source.name}: the bytes of "${name}" are not those that were written (CRC-32C). Nothing was loaded: copy the file again or use an earlier checkpoint.`,
      )
  }
  return out
}

async function readChecksums(file: Safetensors): Promise<readonly number[] | undefined> {
  const entry = file.entries.get(CHECKSUMS)
  if (!entry) return undefined
  const count = file.entries.size - 1
  if (entry.dtype !== 'u8' || entry.shape[0] !== count || entry.shape[1] !== 4 || entry.shape.length !== 2)
    throw new CheckpointError(
      `${file.source.name}: the checksums are ${entry.dtype}[${entry.shape}], not u8[${count},4]. The file is corrupt: copy it again.`,
    )
  const bytes = Uint8Array.from((await file.array(CHECKSUMS)).data as BigInt64Array, Number)
  const view = new DataView(bytes.buffer)
  return Array.from({ length: count }, (_, i) => view.getUint32(4 * i, true))
}

const textSum = (text: string): string => crc32c().update(new TextEncoder().encode(text)).value.toString(16).padStart(8, '0')

function readRecord(file: Safetensors): { origin: Origin; record: Json } {
  const name = file.source.name
  const text = file.metadata.get(RECORD)
  if (text === undefined)
    throw new CheckpointError(
      `${name} is a safetensors file, but no training state of this library. To read only its arrays, use \`loadArrays\`.`,
    )
  if (file.metadata.get(RECORD_SUM) !== textSum(text))
    throw new CheckpointError(
      `${name}: the record is not the one that was written (CRC-32C). Copy the file again or use an earlier checkpoint.`,
    )
  const all = parseRecord(text, name) as { version?: Json; origin?: { library?: Json; onnxruntime?: Json; threads?: Json }; record?: Json }
  if (all?.version !== VERSION)
    throw new CheckpointError(
      `${name} has the format version ${JSON.stringify(all?.version)}, and this library reads ${VERSION}. Load it with the library that wrote it.`,
    )
  const { library, onnxruntime, threads } = all.origin ?? {}
  if (typeof library !== 'string' || typeof onnxruntime !== 'string' || typeof threads !== 'number' || all.record === undefined)
    throw new CheckpointError(`${name}: the record lacks its origin or its content. The file is corrupt: use an earlier checkpoint.`)
  return { origin: { library, onnxruntime, threads }, record: all.record }
}

function differences(then: Origin, now: Origin): string[] {
  const out: string[] = []
  for (const key of ['library', 'onnxruntime', 'threads'] as const)
    if (then[key] !== now[key])
      out.push(`${key} was ${then[key]} when the state was saved and is ${now[key]} now: training continues, but not bit by bit the same`)
  return out
}
