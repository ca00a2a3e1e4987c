import type { NDArray } from '../graph/array.ts'
import { type ByteSource, readBytes } from './bytes.ts'
import { crc32 } from './crc.ts'
import { CheckpointError } from './error.ts'
import { type PickleValue, unpickle } from './pickle.ts'
import { listed } from './safetensors.ts'
import { storedBytes } from './stored.ts'
import { gather, isContiguous } from './torch-gather.ts'
import { mapNames, type TorchRules } from './torch-map.ts'
import { TorchStorage, TorchTensor, torchWorld } from './torch-world.ts'
import { locateEntry, openZip, type ZipEntry } from './zip.ts'

/** Nested dictionaries deeper, or entries more than this are no state dict. */
const DEPTH = 64
const MOST = 1_000_000
/** Bytes read at a time to check sums. */
const PIECE = 1 << 22

/** What a torch file holds: every tensor in it, by the keys that lead to it, joined with dots (`model.0.weight`). */
export interface TorchFile {
  readonly source: ByteSource
  readonly tensors: ReadonlyMap<string, TorchTensor>
  /** Numbers, texts and lists beside them, by the same names. */
  readonly values: ReadonlyMap<string, PickleValue>
  /** Groups of names that are one and the same view of a storage, such as tied embeddings. */
  readonly ties: readonly (readonly string[])[]
  /**
   * Reads tensors, each storage once. `axes` of a name permutes it: axis i of the result is axis `axes[i]` of torch's.
   * Throws CheckpointError for storages that are missing, of another length than the pickle says, or whose CRC-32 is wrong.
   */
  read(names: readonly string[], axes?: ReadonlyMap<string, readonly number[] | 'transpose'>): Promise<Map<string, NDArray>>
  /**
   * Fills `into` with the stored bytes of a tensor from element `from` on, in C order, without its CRC-32 being checked (see `verify`). Only for
   * tensors whose elements lie in that order (`contiguous`).
   */
  readPiece(name: string, from: number, into: Uint8Array<ArrayBuffer>): Promise<void>
  /** Whether the elements of a tensor lie in C order, one behind the other. */
  contiguous(name: string): boolean
  /** Holds every storage against its length and CRC-32, a piece in memory at a time. Throws CheckpointError that names the one that is wrong. */
  verify(): Promise<void>
}

/** How to open a torch file. */
export interface TorchOpenOptions {
  /** False leaves CRC-32 unchecked, for files saved with `torch.serialization.set_crc32_options(False)`. */
  readonly crc?: boolean | undefined
}

/** How to load a state dict. */
export interface TorchOptions extends TorchOpenOptions {
  /** Takes only what lies under this key (`model`), and drops the key from the names. */
  readonly prefix?: string | undefined
  /** New names and layouts: rules, of which the first that fits wins, or a function. Names without a rule stay. */
  readonly map?: TorchRules | undefined
}

/**
 * Opens what `torch.save` wrote (zip, since torch 1.6): state dicts, and dictionaries and lists around them. No code is ever run: a file
 * that names other classes is refused, with the name. Reads the structure only; see `read`.
 * Throws CheckpointError for other files, classes and element types, and for files that are cut short or corrupt.
 */
export async function openTorch(source: ByteSource, options: TorchOpenOptions = {}): Promise<TorchFile> {
  await requireZip(source)
  const zip = await openZip(source)
  const pickles = [...zip.keys()].filter(n => /^[^/]+\/data\.pkl$/.test(n))
  if (pickles.length !== 1)
    throw new CheckpointError(`${source.name} holds no data.pkl: torch.save did not write it. Save a state_dict with torch.save.`)
  const root = pickles[0]!.slice(0, -'data.pkl'.length)
  if (zip.has(`${root}constants.pkl`))
    throw new CheckpointError(`${source.name} is a TorchScript program. Load it in torch and save \`model.state_dict()\` with torch.save.`)
  const order = zip.get(`${root}byteorder`)
  if (order && new TextDecoder().decode(await readEntry(source, order, options)) !== 'little')
    throw new CheckpointError(`${source.name} was saved on a big-endian machine. Load and save it on a little-endian one.`)
  const what = `${source.name}, data.pkl`
  const fail = (problem: string): never => {
    throw new CheckpointError(`${what}: ${problem}. Save a plain state_dict with torch.save.`)
  }
  const tree = unpickle(await readEntry(source, zip.get(pickles[0]!)!, options), torchWorld(fail), what)
  const { tensors, values } = flattenTree(tree, fail)
  const entryOf = (t: TorchTensor): ZipEntry => storageEntry(source, zip.get(`${root}data/${t.storage.key}`), t)
  const tensorOf = (name: string): TorchTensor => {
    const t = tensors.get(name)
    if (!t) throw new CheckpointError(`${source.name} holds no tensor "${name}". It has ${listed([...tensors.keys()])}.`)
    return t
  }
  const starts = new Map<string, number>()
  return {
    source,
    tensors,
    values,
    ties: ties(tensors),
    read: async (names, axes) => {
      const byStorage = new Map<string, string[]>()
      for (const name of names) {
        const t = tensorOf(name)
        byStorage.set(t.storage.key, [...(byStorage.get(t.storage.key) ?? []), name])
      }
      const out = new Map<string, NDArray>()
      for (const group of byStorage.values()) {
        const bytes = await readEntry(source, entryOf(tensors.get(group[0]!)!), options)
        for (const name of group) out.set(name, gather(bytes, tensors.get(name)!, axes?.get(name), `${source.name}, tensor "${name}"`))
      }
      return new Map(names.map(n => [n, out.get(n)!]))
    },
    contiguous: name => isContiguous(tensorOf(name).shape, tensorOf(name).stride),
    readPiece: async (name, from, into) => {
      const t = tensorOf(name)
      const entry = entryOf(t)
      let start = starts.get(entry.name)
      if (start === undefined) starts.set(entry.name, (start = await locateEntry(source, entry)))
      const at = (t.offset + from) * storedBytes(t.dtype)
      if (at + into.length > entry.size)
        throw new CheckpointError(
          `${source.name}, tensor "${name}" leaves its storage of ${entry.size} bytes. The file is corrupt: copy it again.`,
        )
      await source.readInto(start + at, into)
    },
    verify: async () => {
      const entries = new Map([...tensors.values()].map(t => [t.storage.key, entryOf(t)]))
      for (const entry of entries.values()) {
        const start = await locateEntry(source, entry)
        const crc = crc32()
        const buffer = new Uint8Array(Math.min(PIECE, entry.size))
        for (let at = 0; at < entry.size; at += PIECE) {
          const piece = buffer.subarray(0, Math.min(PIECE, entry.size - at))
          await source.readInto(start + at, piece)
          crc.update(piece)
        }
        if (options.crc !== false) requireSum(source, entry, crc.value)
      }
    },
  }
}

/**
 * The tensors of a torch file under new names and in new layouts; f16 and bf16 come as f32, integers as i64.
 * Use `treeFromArrays` to put them into a tree of parameters, with all that does not fit in one error.
 */
export async function loadTorch(source: ByteSource, options: TorchOptions = {}): Promise<Map<string, NDArray>> {
  const file = await openTorch(source, options)
  const start = options.prefix === undefined || options.prefix === '' ? '' : `${options.prefix}.`
  const chosen = new Map([...file.tensors].filter(([n]) => n.startsWith(start)).map(([n, t]) => [n.slice(start.length), t]))
  if (chosen.size === 0)
    throw new CheckpointError(`${source.name} holds no tensor under "${start}". It has ${listed([...file.tensors.keys()])}.`)
  const mapped = mapNames(chosen, options.map, source.name)
  const axes = new Map(mapped.flatMap(m => (m.axes ? [[start + m.from, m.axes] as const] : [])))
  const arrays = await file.read(
    mapped.map(m => start + m.from),
    axes,
  )
  return new Map(mapped.map(m => [m.name, arrays.get(start + m.from)!]))
}

/** Says what else a file may be that is no zip archive. */
async function requireZip(source: ByteSource): Promise<void> {
  const head = await readBytes(source, 0, Math.min(8, source.size), 'the beginning')
  if (head[0] === 0x50 && head[1] === 0x4b) return
  if (head[0] === 0x80)
    throw new CheckpointError(`${source.name} is a bare pickle or of torch before 1.6. Load it in torch and save it again with torch.save.`)
  throw new CheckpointError(
    `${source.name} was not written by torch.save: it is no zip archive.${head[7] === 0 ? ' If it is a safetensors file, use `openSafetensors`.' : ''} Check the path.`,
  )
}

/** Every tensor and plain value in dictionaries and lists. */
function flattenTree(tree: PickleValue, fail: (problem: string) => never) {
  const tensors = new Map<string, TorchTensor>()
  const values = new Map<string, PickleValue>()
  let seen = 0
  const put = <T>(into: Map<string, T>, path: string, v: T): void => {
    if (tensors.has(path) || values.has(path)) fail(`two values have the name "${path}"`)
    into.set(path, v)
  }
  const visit = (v: PickleValue, path: string, depth: number): void => {
    if (++seen > MOST || depth > DEPTH) fail('it is nested too deep or has too many entries')
    const below = (key: unknown): string => (path === '' ? String(key) : `${path}.${key}`)
    if (v instanceof TorchTensor) put(tensors, path, v)
    else if (v instanceof Map)
      for (const [k, x] of v) visit(x, below(isKey(k) ? k : fail('a dictionary has a key that is no text or number')), depth + 1)
    else if (Array.isArray(v) && v.some(x => typeof x === 'object' && x !== null))
      for (const [i, x] of v.entries()) visit(x, below(i), depth + 1)
    else if (!(v instanceof TorchStorage)) put(values, path, v)
  }
  visit(tree, '', 0)
  return { tensors, values }
}

const isKey = (k: PickleValue): boolean => typeof k === 'string' || typeof k === 'number'

function ties(tensors: ReadonlyMap<string, TorchTensor>): string[][] {
  const groups = new Map<string, string[]>()
  for (const [name, t] of tensors) {
    const view = `${t.storage.key} ${t.offset} ${t.dtype} ${t.shape} ${t.stride}`
    groups.set(view, [...(groups.get(view) ?? []), name])
  }
  return [...groups.values()].filter(g => g.length > 1)
}

function storageEntry(source: ByteSource, entry: ZipEntry | undefined, t: TorchTensor): ZipEntry {
  const { key, dtype, length } = t.storage
  if (!entry) throw new CheckpointError(`${source.name}: the storage "${key}" is missing. The file is cut short or corrupt: copy it again.`)
  const bytes = dtype ? length * storedBytes(dtype) : length
  if (entry.size !== bytes)
    throw new CheckpointError(
      `${source.name}: the storage "${key}" is ${entry.size} bytes long, not ${bytes}. The file is corrupt: copy it again.`,
    )
  return entry
}

function requireSum(source: ByteSource, entry: ZipEntry, sum: number): void {
  if (sum !== entry.crc)
    throw new CheckpointError(
      `${source.name}: the CRC-32 of "${entry.name}" is wrong. The file is corrupt: copy it again. If it was saved without checksums, pass { crc: false }.`,
    )
}

async function readEntry(source: ByteSource, entry: ZipEntry, options: TorchOpenOptions): Promise<Uint8Array<ArrayBuffer>> {
  const start = await locateEntry(source, entry)
  const bytes = await readBytes(source, start, entry.size, `"${entry.name}"`)
  if (options.crc !== false) requireSum(source, entry, crc32().update(bytes).value)
  return bytes
}
