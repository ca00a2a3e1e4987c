import type { PickleValue, PickleWorld } from './pickle.ts'
import type { StoredDtype } from './stored.ts'

/** A storage as a pickle names it. Untyped ones count bytes and leave the type to the tensor. */
export class TorchStorage {
  readonly key: string
  readonly dtype: StoredDtype | undefined
  readonly length: number

  constructor(key: string, dtype: StoredDtype | undefined, length: number) {
    this.key = key
    this.dtype = dtype
    this.length = length
  }
}

/** A view on a storage: `offset` and `stride` count elements. */
export class TorchTensor {
  readonly storage: TorchStorage
  readonly dtype: StoredDtype
  readonly offset: number
  readonly shape: readonly number[]
  readonly stride: readonly number[]

  constructor(storage: TorchStorage, dtype: StoredDtype, offset: number, shape: readonly number[], stride: readonly number[]) {
    this.storage = storage
    this.dtype = dtype
    this.offset = offset
    this.shape = shape
    this.stride = stride
  }
}

/** A class or constant that stands for an element type. */
class Kind {
  readonly dtype: StoredDtype | undefined
  constructor(dtype: StoredDtype | undefined) {
    this.dtype = dtype
  }
}

const STORAGES: Readonly<Record<string, StoredDtype>> = {
  DoubleStorage: 'f64',
  FloatStorage: 'f32',
  HalfStorage: 'f16',
  BFloat16Storage: 'bf16',
  LongStorage: 'i64',
  IntStorage: 'i32',
  ShortStorage: 'i16',
  CharStorage: 'i8',
  ByteStorage: 'u8',
  BoolStorage: 'bool',
}
const DTYPES: Readonly<Record<string, StoredDtype>> = {
  float64: 'f64',
  float32: 'f32',
  float16: 'f16',
  bfloat16: 'bf16',
  int64: 'i64',
  int32: 'i32',
  int16: 'i16',
  int8: 'i8',
  uint8: 'u8',
  bool: 'bool',
}

type Call = (args: readonly PickleValue[]) => PickleValue

/** The names that state dicts use, and nothing else (see torch/_utils.py and torch/serialization.py). `fail` throws. */
export function torchWorld(fail: (problem: string) => never): PickleWorld {
  const tensor = (storage: PickleValue, offset: PickleValue, shape: PickleValue, stride: PickleValue, kind: unknown): TorchTensor => {
    if (!(storage instanceof TorchStorage)) return fail('a tensor has no storage')
    const dtype = storage.dtype ?? (kind instanceof Kind ? kind.dtype : undefined)
    if (!dtype) return fail('a tensor has no element type')
    if (!isSize(offset) || !isSizes(shape) || !isSizes(stride) || shape.length !== stride.length)
      return fail('a tensor has a malformed offset, size or stride')
    return new TorchTensor(storage, dtype, offset, shape, stride)
  }
  const calls: Readonly<Record<string, Call>> = {
    'collections OrderedDict': ([items]) => (items === undefined ? new Map() : orderedDict(items, fail)),
    'torch._utils _rebuild_tensor_v2': a => tensor(a[0], a[1], a[2], a[3], undefined),
    'torch._utils _rebuild_tensor_v3': a => tensor(a[0], a[1], a[2], a[3], a[6]),
    'torch._utils _rebuild_parameter': ([data]) => (data instanceof TorchTensor ? data : fail('a parameter has no tensor')),
    'torch Size': ([sizes]) => (isSizes(sizes) ? sizes : fail('a torch.Size is malformed')),
    'torch device': args => args.join(':'),
  }
  return {
    global(module, name) {
      const full = `${module} ${name}`
      if (Object.hasOwn(calls, full)) return calls[full]
      if (module === 'torch.storage' && (name === 'UntypedStorage' || name === 'TypedStorage')) return new Kind(undefined)
      if (module !== 'torch') return undefined
      if (name === 'UntypedStorage') return new Kind(undefined)
      const dtype = Object.hasOwn(STORAGES, name) ? STORAGES[name] : Object.hasOwn(DTYPES, name) ? DTYPES[name] : undefined
      return dtype && new Kind(dtype)
    },
    persistent(id) {
      const [tag, kind, key, , length] = Array.isArray(id) ? id : []
      if (tag !== 'storage' || !(kind instanceof Kind) || typeof key !== 'string' || !isSize(length)) return fail('a storage is malformed')
      return new TorchStorage(key, kind.dtype, length)
    },
  }
}

function orderedDict(items: PickleValue, fail: (problem: string) => never): Map<PickleValue, PickleValue> {
  if (!Array.isArray(items) || !items.every(p => Array.isArray(p) && p.length === 2)) return fail('an OrderedDict is malformed')
  return new Map(items as [PickleValue, PickleValue][])
}

const isSize = (v: PickleValue): v is number => Number.isSafeInteger(v) && (v as number) >= 0
const isSizes = (v: PickleValue): v is readonly number[] => Array.isArray(v) && v.every(isSize)
