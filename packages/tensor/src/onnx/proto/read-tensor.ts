import { arrayOf, dtypeOf, elementBytes, foreignDtype, type OnnxData, type OnnxDtype } from './dtype.ts'
import { OnnxError } from './error.ts'
import type { TensorProto } from './model.ts'
import type { WireReader } from './wire-reader.ts'

/** Reads exactly `length` bytes at `offset` of the file `location`, a path relative to the model's folder. Throws where they are not there. */
export type ReadExternal = (location: string, offset: number, length: number) => Uint8Array

/** What the wire gives of a tensor, before dims, type and data are held against each other. */
interface Parts {
  name: string
  doc: string
  dims: number[]
  code: number
  raw?: Uint8Array
  readonly floats: number[]
  readonly doubles: number[]
  readonly int32s: number[]
  readonly int64s: bigint[]
  readonly uint64s: bigint[]
  readonly strings: string[]
  readonly external: Map<string, string>
  location: number
}

/** Reads a TensorProto: raw, typed or external data, copied into an array of its element type. */
export function readTensor(r: WireReader, readExternal: ReadExternal | undefined): TensorProto {
  const p: Parts = {
    name: '',
    doc: '',
    dims: [],
    code: 0,
    floats: [],
    doubles: [],
    int32s: [],
    int64s: [],
    uint64s: [],
    strings: [],
    external: new Map(),
    location: 0,
  }
  while (r.next()) readField(r, p)
  const label = `"${p.name}"`
  const dtype = dtypeOf(p.code)
  if (!dtype)
    throw new OnnxError(`${r.where('')} ${label} has the element type ${foreignDtype(p.code)}, which this library does not carry.`)
  let count = 1
  for (const d of p.dims) {
    if (!Number.isSafeInteger(d) || d < 0) r.fail('dims', `of ${label} are [${p.dims}]`)
    count *= d
  }
  if (!Number.isSafeInteger(count * 8)) r.fail('dims', `of ${label} are [${p.dims}], which is too many elements`)
  return { name: p.name, dtype, dims: p.dims, data: data(r, p, dtype, count, readExternal), doc: p.doc }
}

function readField(r: WireReader, p: Parts): void {
  switch (r.field) {
    case 1:
      r.ints('dims', p.dims)
      break
    case 2:
      p.code = r.int('data_type')
      break
    case 3:
      throw new OnnxError(`${r.where('segment')} is set: a tensor cut into segments cannot be read. Export it whole.`)
    case 4:
      r.floats('float_data', p.floats)
      break
    case 5:
      r.ints('int32_data', p.int32s)
      break
    case 6:
      p.strings.push(r.string('string_data'))
      break
    case 7:
      r.bigints('int64_data', p.int64s)
      break
    case 8:
      p.name = r.string('name')
      break
    case 9:
      p.raw = r.bytes('raw_data')
      break
    case 10:
      r.doubles('double_data', p.doubles)
      break
    case 11:
      r.bigints('uint64_data', p.uint64s)
      break
    case 12:
      p.doc = r.string('doc_string')
      break
    case 13:
      r.message('external_data', externalEntry(p.external), p.external.size)
      break
    case 14:
      p.location = r.int('data_location')
      break
    default:
      r.skip()
  }
}

const externalEntry =
  (into: Map<string, string>) =>
  (r: WireReader): void => {
    let [key, value] = ['', '']
    while (r.next()) {
      if (r.field === 1) key = r.string('key')
      else if (r.field === 2) value = r.string('value')
      else r.skip()
    }
    into.set(key, value)
  }

function data(r: WireReader, p: Parts, dtype: OnnxDtype, count: number, readExternal: ReadExternal | undefined): OnnxData {
  const label = `of "${p.name}" [${p.dims}] ${dtype}`
  if (dtype === 'string') {
    if (p.strings.length !== count) r.fail('string_data', `${label} has ${p.strings.length} elements, not ${count}`)
    return p.strings
  }
  const bytes = count * elementBytes(dtype)
  if (p.location === 1) return fromBytes(external(r, p, bytes, readExternal), dtype)
  if (p.location !== 0) r.fail('data_location', `${label} is ${p.location}`)
  if (p.raw) {
    if (p.raw.length !== bytes) r.fail('raw_data', `${label} has ${p.raw.length} bytes, not ${bytes}`)
    return fromBytes(p.raw, dtype)
  }
  const [field, values] = typed(p, dtype)
  if (values.length !== count) r.fail(field, `${label} has ${values.length} elements, not ${count}`)
  // Half floats travel as their bits in int32_data, booleans as 0 and 1.
  return (arrayOf(dtype) as unknown as { from(v: ArrayLike<number | bigint>): OnnxData }).from(values)
}

function typed(p: Parts, dtype: OnnxDtype): [field: string, values: readonly number[] | readonly bigint[]] {
  if (dtype === 'f32') return ['float_data', p.floats]
  if (dtype === 'f64') return ['double_data', p.doubles]
  if (dtype === 'i64') return ['int64_data', p.int64s]
  if (dtype === 'u64') return ['uint64_data', p.uint64s]
  if (dtype === 'u32') return ['uint64_data', p.uint64s.map(Number)]
  return ['int32_data', p.int32s]
}

/** Copies bytes into an array of the element type. */
function fromBytes(bytes: Uint8Array, dtype: Exclude<OnnxDtype, 'string'>): OnnxData {
  const copy = new Uint8Array(bytes.length)
  copy.set(bytes)
  return new (arrayOf(dtype))(copy.buffer)
}

function external(r: WireReader, p: Parts, bytes: number, readExternal: ReadExternal | undefined): Uint8Array {
  const label = `of "${p.name}"`
  const location = p.external.get('location') ?? ''
  const number = (key: string, otherwise: number): number => {
    const text = p.external.get(key)
    if (text === undefined) return otherwise
    const n = Number(text)
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(n)) r.fail('external_data', `${label} has the ${key} "${text}"`)
    return n
  }
  const offset = number('offset', 0)
  const length = number('length', bytes)
  if (length !== bytes) r.fail('external_data', `${label} has ${length} bytes, but its dims [${p.dims}] need ${bytes}`)
  if (!isInside(location))
    throw new OnnxError(
      `${r.where('external_data')} ${label} lies at "${location}": only a path inside the model's folder is read. Move the data there.`,
    )
  if (!readExternal)
    throw new OnnxError(
      `${r.where('external_data')} ${label} lies in the file "${location}". Load the model with its data (\`loadOnnx\` of tensor/node, or the option \`external\`).`,
    )
  const found = readExternal(location, offset, length)
  if (found.length !== length) r.fail('external_data', `${label}: "${location}" gave ${found.length} bytes, not ${length}`)
  return found
}

/** A relative path that stays in its folder, on every system. */
const isInside = (path: string): boolean => path !== '' && !/^[\\/]|^[a-zA-Z]:|\0/.test(path) && !path.split(/[\\/]/).includes('..')
