import { CodecError, guarded } from './error.ts'
import { concat, plainBytes } from './reader.ts'

export interface TarEntry {
  /** Path with forward slashes. */
  readonly name: string
  readonly bytes: Uint8Array
}

const BLOCK = 512

/** Header, content and padding of one file: USTAR (POSIX.1-1988), mode 0644, owner 0, time 0. Throws CodecError where the name does not fit. */
export function tarEntry(name: string, bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(BLOCK + Math.ceil(bytes.length / BLOCK) * BLOCK)
  const put = (at: number, text: string) => {
    for (let i = 0; i < text.length; i++) out[at + i] = text.charCodeAt(i)
  }
  const octal = (at: number, value: number, digits: number) => put(at, value.toString(8).padStart(digits, '0'))
  if (bytes.length >= 8589934592) throw new CodecError('tar.argument', 'a file in a tar must be under 8 GiB', name, 'Split it')
  const [prefix, rest] = splitName(name)
  out.set(rest, 0)
  octal(100, 0o644, 7)
  octal(108, 0, 7)
  octal(116, 0, 7)
  octal(124, bytes.length, 11)
  octal(136, 0, 11)
  put(148, '        ')
  put(156, '0')
  put(257, 'ustar\x0000')
  octal(329, 0, 7)
  octal(337, 0, 7)
  out.set(prefix, 345)
  let sum = 0
  for (let i = 0; i < BLOCK; i++) sum += out[i]!
  octal(148, sum, 6)
  out[154] = 0
  out.set(bytes, BLOCK)
  return out
}

/** What follows the last entry: two empty blocks. */
export function tarEnd(): Uint8Array {
  return new Uint8Array(2 * BLOCK)
}

/** A whole archive in memory; for streams, write `tarEntry` after `tarEntry`, then `tarEnd`. */
export function encodeTar(entries: Iterable<TarEntry>): Uint8Array {
  const parts: Uint8Array[] = []
  for (const { name, bytes } of entries) parts.push(tarEntry(name, bytes))
  return concat([...parts, tarEnd()])
}

/** USTAR names: 100 bytes, or a prefix of up to 155 and the rest, cut at a slash. */
function splitName(name: string): [Uint8Array, Uint8Array] {
  const bytes = new TextEncoder().encode(name)
  if (bytes.length === 0 || name.includes('\0') || name.endsWith('/'))
    throw new CodecError('tar.argument', `${JSON.stringify(name)} is not a file name`, undefined, 'Give a path with forward slashes')
  if (bytes.length <= 100) return [new Uint8Array(0), bytes]
  for (let i = bytes.length - 101; i <= 155 && i < bytes.length - 1; i++)
    if (i > 0 && bytes[i] === 0x2f) return [bytes.subarray(0, i), bytes.subarray(i + 1)]
  throw new CodecError(
    'tar.argument',
    `the name of ${bytes.length} bytes does not fit a tar: ${name}`,
    undefined,
    'Use a name of up to 100 bytes below a folder path of up to 155',
  )
}

/** The files of a tar one after the other, as views of the archive; directories and extended headers of times and owners are passed over. Throws CodecError. */
export function* decodeTar(archive: Uint8Array): Generator<TarEntry> {
  const bytes = plainBytes(archive)
  let at = 0
  while (at < bytes.length) {
    const start = at
    const step = guarded('tar', () => readEntry(bytes, start))
    if (!step) return
    at = step.next
    if (step.entry) yield step.entry
  }
  throw new CodecError('tar.truncated', 'the tar ends without its two empty blocks', `byte ${at}`, 'Fetch or write the file again')
}

function readEntry(bytes: Uint8Array, at: number): { entry?: TarEntry; next: number } | undefined {
  const bad = (code: string, what: string, hint = 'Fetch or write the file again') =>
    new CodecError(`tar.${code}`, what, `byte ${at}`, hint)
  if (at + BLOCK > bytes.length) throw bad('truncated', 'the tar ends in the middle of a header')
  const head = bytes.subarray(at, at + BLOCK)
  if (head.every(b => b === 0)) return undefined
  let sum = 8 * 32
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += head[i]!
  if (octal(head, 148, 8) !== sum) throw bad('checksum', 'the checksum of a tar header is wrong')
  const size = octal(head, 124, 12)
  if (Number.isNaN(size)) throw bad('corrupt', 'a file has no readable size')
  const prefix = text(head, 345, 155)
  const ustar = text(head, 257, 5) === 'ustar'
  const name = (ustar && prefix ? `${prefix}/` : '') + text(head, 0, 100)
  const type = String.fromCharCode(head[156]!)
  const next = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK
  if (next > bytes.length) throw bad('truncated', `the tar ends in the middle of ${name}`)
  if (type === '0' || type === '\0') return { entry: { name, bytes: bytes.subarray(at + BLOCK, at + BLOCK + size) }, next }
  if (type === '5') return { next }
  // Python's tarfile writes extended headers for times with fractions; what would change the next entry's name or size is not read.
  if (
    type === 'g' ||
    (type === 'x' && !/ (path|size|linkpath)=/.test(new TextDecoder().decode(bytes.subarray(at + BLOCK, at + BLOCK + size))))
  )
    return { next }
  throw bad('unsupported', `${name || 'an entry'} is of type "${type}"`, 'Write the archive as USTAR (tar --format=ustar), files only')
}

function text(head: Uint8Array, at: number, length: number): string {
  const field = head.subarray(at, at + length)
  const end = field.indexOf(0)
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end))
}

function octal(head: Uint8Array, at: number, length: number): number {
  const digits = text(head, at, length).trim()
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN
}
