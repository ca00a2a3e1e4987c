import { CodecError } from './error.ts'

/** The same memory as a Uint8Array proper: Node's Buffer is one too, but its slice does not copy. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** A cursor over bytes that names the place when they run out. */
export class Reader {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly format: string
  offset: number

  constructor(bytes: Uint8Array, format: string, offset = 0) {
    this.bytes = plainBytes(bytes)
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.format = format
    this.offset = offset
  }

  get left(): number {
    return this.bytes.length - this.offset
  }

  /** Moves over n bytes; returns where they start. Throws where they are not there. */
  take(n: number, what: string): number {
    const at = this.offset
    if (!(n >= 0) || n > this.bytes.length - at)
      throw new CodecError(
        `${this.format}.truncated`,
        `${this.format.toUpperCase()} ends in the middle of ${what}: ${n} bytes wanted, ${Math.max(0, this.bytes.length - at)} left`,
        `byte ${at}`,
        'The file is cut short or corrupt: fetch or export it again',
      )
    this.offset = at + n
    return at
  }

  slice(n: number, what: string): Uint8Array {
    const at = this.take(n, what)
    return this.bytes.subarray(at, at + n)
  }

  u8(what: string): number {
    return this.view.getUint8(this.take(1, what))
  }

  u16(what: string, little = true): number {
    return this.view.getUint16(this.take(2, what), little)
  }

  u32(what: string, little = true): number {
    return this.view.getUint32(this.take(4, what), little)
  }

  i32(what: string, little = true): number {
    return this.view.getInt32(this.take(4, what), little)
  }

  f32(what: string, little = true): number {
    return this.view.getFloat32(this.take(4, what), little)
  }

  /** A Latin-1 string up to (and over) a zero byte. */
  cstring(what: string, longest = 255): string {
    let text = ''
    for (;;) {
      const c = this.u8(what)
      if (c === 0) return text
      if (text.length >= longest)
        throw new CodecError(`${this.format}.corrupt`, `${what} is longer than ${longest} bytes`, `byte ${this.offset}`)
      text += String.fromCharCode(c)
    }
  }
}

/** Whether typed arrays here are little-endian, as all the formats want them. */
export const LITTLE_ENDIAN_HOST = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

/** Reverses the bytes of every element, in place. */
export function swapBytes(bytes: Uint8Array, size: number): Uint8Array {
  for (let i = 0; i + size <= bytes.length; i += size) bytes.subarray(i, i + size).reverse()
  return bytes
}

/** The elements' bytes, little-endian: a view where the host is, a copy elsewhere. */
export function littleEndianBytes(data: ArrayBufferView & { readonly BYTES_PER_ELEMENT: number }): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return LITTLE_ENDIAN_HOST || data.BYTES_PER_ELEMENT === 1 ? bytes : swapBytes(bytes.slice(), data.BYTES_PER_ELEMENT)
}

/** One array of all the parts. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const p of parts) length += p.length
  const out = new Uint8Array(length)
  let at = 0
  for (const p of parts) {
    out.set(p, at)
    at += p.length
  }
  return out
}
