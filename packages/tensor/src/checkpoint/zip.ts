import { type ByteSource, readBytes, requireRange } from './bytes.ts'
import { CheckpointError } from './error.ts'

/** A file inside of a zip archive. */
export interface ZipEntry {
  readonly name: string
  /** Bytes of the file, and where they begin in the archive. */
  readonly size: number
  readonly offset: number
  /** CRC-32 that the directory gives. */
  readonly crc: number
  /** How it is compressed; 0 is stored. */
  readonly method: number
}

const END = 0x06054b50
const END64 = 0x06064b50
const LOCATOR64 = 0x07064b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
/** End record and the longest comment. */
const TAIL = 22 + 65_535
const MAX_DIRECTORY = 2 ** 30

/**
 * The entries of a zip archive by name (PKWARE APPNOTE 6.3.10, with zip64), as torch writes them: in one volume, not encrypted.
 * Throws CheckpointError for anything else and for archives that are cut short or corrupt.
 */
export async function openZip(source: ByteSource): Promise<Map<string, ZipEntry>> {
  const directory = await findDirectory(source)
  if (directory.size > MAX_DIRECTORY) wrong(source, `its directory should take ${directory.size} bytes`)
  const bytes = await readBytes(source, directory.offset, directory.size, 'the directory of the archive')
  const view = new DataView(bytes.buffer)
  const out = new Map<string, ZipEntry>()
  let at = 0
  while (at + 46 <= bytes.length && view.getUint32(at, true) === CENTRAL) {
    const nameLength = view.getUint16(at + 28, true)
    const extraLength = view.getUint16(at + 30, true)
    const end = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true)
    if (end > bytes.length) wrong(source, 'its directory ends in the middle of an entry')
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
    const flags = view.getUint16(at + 8, true)
    const method = view.getUint16(at + 10, true)
    if (flags & 1) wrong(source, `"${name}" is encrypted`)
    const sizes = { packed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true), local: view.getUint32(at + 42, true) }
    readZip64(source, view, at + 46 + nameLength, extraLength, sizes, name)
    if (method === 0 && sizes.packed !== sizes.size) wrong(source, `"${name}" has two sizes, ${sizes.packed} and ${sizes.size}`)
    if (out.has(name)) wrong(source, `"${name}" is there twice`)
    out.set(name, { name, size: sizes.size, offset: sizes.local, crc: view.getUint32(at + 16, true), method })
    at = end
  }
  if (at !== bytes.length) wrong(source, `its directory is broken at byte ${directory.offset + at}`)
  return out
}

/** Where the bytes of an entry begin: its local header says how long itself is. Throws CheckpointError for compressed entries. */
export async function locateEntry(source: ByteSource, entry: ZipEntry): Promise<number> {
  const what = `"${entry.name}"`
  if (entry.method !== 0)
    throw new CheckpointError(
      `${source.name}: ${what} is compressed (method ${entry.method}), and only stored entries are read. Save it again with torch.save, or repack it with "zip -0".`,
    )
  const header = await readBytes(source, entry.offset, 30, what)
  const view = new DataView(header.buffer)
  if (view.getUint32(0, true) !== LOCAL) wrong(source, `${what} has no header at byte ${entry.offset}`)
  const start = entry.offset + 30 + view.getUint16(26, true) + view.getUint16(28, true)
  requireRange(source, start, entry.size, what)
  return start
}

async function findDirectory(source: ByteSource): Promise<{ offset: number; size: number }> {
  const from = Math.max(0, source.size - TAIL)
  const tail = await readBytes(source, from, source.size - from, 'the end of the archive')
  const view = new DataView(tail.buffer)
  let at = tail.length - 22
  while (at >= 0 && !(view.getUint32(at, true) === END && at + 22 + view.getUint16(at + 20, true) === tail.length)) at--
  if (at < 0) wrong(source, 'it has no end record')
  const offset = view.getUint32(at + 16, true)
  const size = view.getUint32(at + 12, true)
  if (at >= 20 && view.getUint32(at - 20, true) === LOCATOR64) {
    const end = await readBytes(source, Number(view.getBigUint64(at - 12, true)), 56, 'the zip64 end record')
    const v = new DataView(end.buffer)
    if (v.getUint32(0, true) !== END64) wrong(source, 'its zip64 end record is not where it should be')
    return { offset: Number(v.getBigUint64(48, true)), size: Number(v.getBigUint64(40, true)) }
  }
  if (offset === 0xffffffff || size === 0xffffffff) wrong(source, 'it has no zip64 end record')
  return { offset, size }
}

/** Replaces sizes of 0xffffffff by those of the zip64 field (id 1), where they stand in the order of these keys. */
function readZip64(
  source: ByteSource,
  view: DataView,
  from: number,
  length: number,
  sizes: { size: number; packed: number; local: number },
  name: string,
): void {
  const wide = (['size', 'packed', 'local'] as const).filter(k => sizes[k] === 0xffffffff)
  if (wide.length === 0) return
  for (let at = from; at + 4 <= from + length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue
    if (view.getUint16(at + 2, true) < 8 * wide.length || at + 4 + 8 * wide.length > from + length) break
    for (const [i, key] of wide.entries()) sizes[key] = Number(view.getBigUint64(at + 4 + 8 * i, true))
    return
  }
  wrong(source, `"${name}" is larger than 4 GiB, but its zip64 sizes are missing`)
}

function wrong(source: ByteSource, problem: string): never {
  throw new CheckpointError(
    `${source.name} is no sound zip archive: ${problem}. The file is cut short, corrupt or of another kind: copy it again.`,
  )
}
