import { CheckpointError } from './error.ts'
import { type JsonValue, parseStrictJson } from './json.ts'
import { type StoredDtype, storedBytes } from './stored.ts'

/** One array of a file: `begin` and `end` count from the start of the data, after the header. */
export interface SafetensorsEntry {
  readonly name: string
  readonly dtype: StoredDtype
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

export interface SafetensorsHeader {
  /** In the order of their data. */
  readonly entries: readonly SafetensorsEntry[]
  readonly metadata: ReadonlyMap<string, string>
}

/** The reference implementation's limit on the length of the header. */
export const MAX_HEADER = 100_000_000

const NAMES: Readonly<Record<string, StoredDtype>> = {
  F64: 'f64',
  F32: 'f32',
  F16: 'f16',
  BF16: 'bf16',
  I64: 'i64',
  I32: 'i32',
  I16: 'i16',
  I8: 'i8',
  U8: 'u8',
  BOOL: 'bool',
}
const CODES = new Map(Object.entries(NAMES).map(([code, dtype]) => [dtype, code]))

/**
 * Parses and checks a header as the format asks (github.com/huggingface/safetensors, "Format"): an object without duplicate keys, whose arrays
 * tile `dataBytes` bytes without overlap or hole, each as long as its type and shape say. Throws CheckpointError that names the array.
 */
export function parseHeader(text: string, dataBytes: number, what: string): SafetensorsHeader {
  const wrong = (problem: string): never => {
    throw new CheckpointError(`${what}: ${problem}. The file is corrupt: copy or write it again.`)
  }
  if (!text.startsWith('{')) wrong('the header does not begin with "{"')
  const header = parseStrictJson(text, `${what}, header`)
  if (!(header instanceof Map)) return wrong('the header is not an object')
  const metadata = new Map<string, string>()
  const entries: SafetensorsEntry[] = []
  for (const [name, value] of header as ReadonlyMap<string, JsonValue>) {
    if (name === '__metadata__') {
      if (!(value instanceof Map)) wrong('__metadata__ is not an object')
      for (const [k, v] of value as ReadonlyMap<string, JsonValue>)
        metadata.set(k, typeof v === 'string' ? v : wrong(`the metadata ${JSON.stringify(k)} is not text`))
    } else entries.push(parseEntry(name, value, wrong))
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end)
  let at = 0
  for (const e of entries) {
    if (e.begin < at) wrong(`the data of ${quote(e.name)} begins at byte ${e.begin}, inside of another array's that ends at ${at}`)
    if (e.begin > at) wrong(`bytes ${at} to ${e.begin}, before ${quote(e.name)}, belong to no array`)
    at = e.end
  }
  if (at > dataBytes) wrong(`the arrays take ${at} bytes, but ${dataBytes} are there: the file is cut short`)
  if (at < dataBytes) wrong(`the last ${dataBytes - at} bytes belong to no array`)
  return { entries, metadata }
}

function parseEntry(name: string, value: JsonValue, wrong: (problem: string) => never): SafetensorsEntry {
  const what = `the array ${quote(name)}`
  if (!(value instanceof Map)) return wrong(`${what} is not described by an object`)
  const map = value as ReadonlyMap<string, JsonValue>
  const sizes = (key: string): readonly number[] => {
    const list = map.get(key)
    if (!Array.isArray(list) || !list.every(v => Number.isSafeInteger(v) && v >= 0))
      return wrong(`${what} has no ${key} of whole numbers ≥ 0`)
    return list as number[]
  }
  for (const key of map.keys()) if (!['dtype', 'shape', 'data_offsets'].includes(key)) wrong(`${what} has an unknown key ${quote(key)}`)
  const code = map.get('dtype')
  const dtype = typeof code === 'string' && Object.hasOwn(NAMES, code) ? NAMES[code]! : undefined
  if (!dtype) return wrong(`${what} has the type ${JSON.stringify(code)}, and only ${Object.keys(NAMES).join(', ')} can be read`)
  const shape = sizes('shape')
  const [begin, end, ...more] = sizes('data_offsets')
  if (begin === undefined || end === undefined || more.length > 0 || begin > end)
    return wrong(`${what} has no pair of data_offsets, begin ≤ end`)
  const bytes = shape.reduce((a, b) => a * b, storedBytes(dtype))
  if (bytes !== end - begin) wrong(`${what} of type ${code} and shape [${shape}] needs ${bytes} bytes, but has ${end - begin}`)
  return { name, dtype, shape, begin, end }
}

/** The first bytes of a file: length of the header, header, padded with spaces so that the data begins at a multiple of 8. */
export function encodeHeader(entries: readonly SafetensorsEntry[], metadata: ReadonlyMap<string, string>): Uint8Array<ArrayBuffer> {
  const parts = entries.map(
    e => `${JSON.stringify(e.name)}:{"dtype":"${CODES.get(e.dtype)}","shape":[${e.shape}],"data_offsets":[${e.begin},${e.end}]}`,
  )
  if (metadata.size > 0) {
    const pairs = [...metadata].map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`)
    parts.unshift(`"__metadata__":{${pairs.join(',')}}`)
  }
  const text = new TextEncoder().encode(`{${parts.join(',')}}`)
  const length = Math.ceil(text.length / 8) * 8
  if (length > MAX_HEADER)
    throw new CheckpointError(
      `The header would take ${length} bytes, and the format allows ${MAX_HEADER}. Save fewer arrays or less metadata.`,
    )
  const out = new Uint8Array(8 + length).fill(0x20)
  new DataView(out.buffer).setBigUint64(0, BigInt(length), true)
  out.set(text, 8)
  return out
}

const quote = (name: string): string => JSON.stringify(name)
