import { CheckpointError } from './error.ts'

/** Bytes that can be read at any place: a file, a buffer, a range request. Sizes and offsets may pass 2 GiB. */
export interface ByteSource {
  /** What errors call it, such as the file's path. */
  readonly name: string
  /** Bytes in all. */
  readonly size: number
  /** Fills `into` with the bytes at `offset`. The range lies inside (see `readBytes`). Rejects where they cannot be read. */
  readInto(offset: number, into: Uint8Array<ArrayBuffer>): Promise<void>
}

/** Takes bytes in order. `bytes` may be reused by the caller once the promise is fulfilled. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>
}

/** Reads `length` bytes at `offset`; throws CheckpointError, before anything is allocated, where the source is not that long. */
export async function readBytes(source: ByteSource, offset: number, length: number, what: string): Promise<Uint8Array<ArrayBuffer>> {
  requireRange(source, offset, length, what)
  const out = new Uint8Array(length)
  await source.readInto(offset, out)
  return out
}

/** Throws CheckpointError unless the source holds `length` bytes at `offset`. */
export function requireRange(source: ByteSource, offset: number, length: number, what: string): void {
  if (!(offset >= 0 && length >= 0 && offset + length <= source.size))
    throw new CheckpointError(
      `${source.name}: ${what} should lie at bytes ${offset} to ${offset + length}, but there are ${source.size}. The file is cut short or corrupt: copy it again.`,
    )
}

/** A buffer as a source. */
export function memorySource(bytes: Uint8Array, name = 'checkpoint in memory'): ByteSource {
  return {
    name,
    size: bytes.length,
    readInto: async (offset, into) => into.set(bytes.subarray(offset, offset + into.length)),
  }
}

/** A sink that keeps what it is given. */
export class MemorySink implements ByteSink {
  private readonly parts: Uint8Array[] = []

  async write(bytes: Uint8Array): Promise<void> {
    this.parts.push(bytes.slice())
  }

  /** All bytes so far, in one buffer. */
  bytes(): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(this.parts.reduce((n, p) => n + p.length, 0))
    let at = 0
    for (const p of this.parts) {
      out.set(p, at)
      at += p.length
    }
    return out
  }
}
