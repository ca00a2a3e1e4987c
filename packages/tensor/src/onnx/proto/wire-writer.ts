import { OnnxError } from './error.ts'

/** A protobuf message may not reach 2 GiB. */
const LIMIT = 2 ** 31 - 1

/** Where message writers put their fields. The same writer runs twice: once to measure (every nested message is preceded by its length), once to fill. */
export interface WireOut {
  /** int64, int32, bool and enum fields. Beyond ±2⁵³ a number is the nearest representable; beyond int64 it saturates. */
  int(field: number, value: number): void
  float(field: number, value: number): void
  double(field: number, value: number): void
  string(field: number, value: string): void
  bytes(field: number, value: Uint8Array): void
  /** An empty list writes nothing. */
  packedInts(field: number, values: readonly number[]): void
  packedFloats(field: number, values: readonly number[]): void
  message<T>(field: number, write: (out: WireOut, value: T) => void, value: T): void
}

/**
 * The bytes of one message, in the protobuf wire format (protobuf.dev/programming-guides/encoding): measured first, then written into
 * one buffer of the exact size, so large `bytes` fields are copied once.
 * Throws OnnxError where the message would reach 2 GiB.
 */
export function encodeMessage<T>(write: (out: WireOut, value: T) => void, value: T): Uint8Array<ArrayBuffer> {
  const measure = new Measure()
  write(measure, value)
  if (measure.size > LIMIT)
    throw new OnnxError(
      `The message is ${measure.size} bytes long, and protobuf allows ${LIMIT}. Write the large tensors as external data (\`encodeModelExternal\`).`,
    )
  const fill = new Fill(new Uint8Array(measure.size), measure.lengths)
  write(fill, value)
  return fill.out
}

class Measure implements WireOut {
  size = 0
  /** Lengths of nested messages and packed fields, in the order they are opened. */
  readonly lengths: number[] = []

  int(field: number, value: number): void {
    this.size += tagSize(field) + varintSize(value)
  }
  float(field: number): void {
    this.size += tagSize(field) + 4
  }
  double(field: number): void {
    this.size += tagSize(field) + 8
  }
  string(field: number, value: string): void {
    const n = utf8Length(value)
    this.size += tagSize(field) + varintSize(n) + n
  }
  bytes(field: number, value: Uint8Array): void {
    this.size += tagSize(field) + varintSize(value.length) + value.length
  }
  packedInts(field: number, values: readonly number[]): void {
    if (values.length === 0) return
    let n = 0
    for (const v of values) n += varintSize(v)
    this.lengths.push(n)
    this.size += tagSize(field) + varintSize(n) + n
  }
  packedFloats(field: number, values: readonly number[]): void {
    if (values.length === 0) return
    const n = 4 * values.length
    this.size += tagSize(field) + varintSize(n) + n
  }
  message<T>(field: number, write: (out: WireOut, value: T) => void, value: T): void {
    const slot = this.lengths.push(0) - 1
    const before = this.size
    write(this, value)
    const n = this.size - before
    this.lengths[slot] = n
    this.size += tagSize(field) + varintSize(n)
  }
}

class Fill implements WireOut {
  readonly out: Uint8Array<ArrayBuffer>
  private readonly view: DataView
  private readonly lengths: readonly number[]
  private next = 0
  private at = 0

  constructor(out: Uint8Array<ArrayBuffer>, lengths: readonly number[]) {
    this.out = out
    this.view = new DataView(out.buffer)
    this.lengths = lengths
  }

  int(field: number, value: number): void {
    this.tag(field, 0)
    this.varint(value)
  }
  float(field: number, value: number): void {
    this.tag(field, 5)
    this.view.setFloat32(this.at, value, true)
    this.at += 4
  }
  double(field: number, value: number): void {
    this.tag(field, 1)
    this.view.setFloat64(this.at, value, true)
    this.at += 8
  }
  string(field: number, value: string): void {
    this.tag(field, 2)
    const n = utf8Length(value)
    this.varint(n)
    if (n === value.length) for (let i = 0; i < n; i++) this.out[this.at + i] = value.charCodeAt(i)
    else this.out.set(encoder.encode(value), this.at)
    this.at += n
  }
  bytes(field: number, value: Uint8Array): void {
    this.tag(field, 2)
    this.varint(value.length)
    this.out.set(value, this.at)
    this.at += value.length
  }
  packedInts(field: number, values: readonly number[]): void {
    if (values.length === 0) return
    this.tag(field, 2)
    this.varint(this.lengths[this.next++]!)
    for (const v of values) this.varint(v)
  }
  packedFloats(field: number, values: readonly number[]): void {
    if (values.length === 0) return
    this.tag(field, 2)
    this.varint(4 * values.length)
    for (const v of values) {
      this.view.setFloat32(this.at, v, true)
      this.at += 4
    }
  }
  message<T>(field: number, write: (out: WireOut, value: T) => void, value: T): void {
    this.tag(field, 2)
    this.varint(this.lengths[this.next++]!)
    write(this, value)
  }

  private tag(field: number, wire: number): void {
    this.varint(field * 8 + wire)
  }
  private varint(value: number): void {
    if (value >= 0 && value < 2 ** 31) {
      let v = value
      while (v > 127) {
        this.out[this.at++] = (v & 127) | 128
        v >>>= 7
      }
      this.out[this.at++] = v
      return
    }
    let v = BigInt.asUintN(64, int64(value))
    while (v > 127n) {
      this.out[this.at++] = Number(v & 127n) | 128
      v >>= 7n
    }
    this.out[this.at++] = Number(v)
  }
}

const encoder = new TextEncoder()

/** The int64 of a number, saturated at both ends. */
function int64(value: number): bigint {
  if (value >= 2 ** 63) return 2n ** 63n - 1n
  if (value < -(2 ** 63)) return -(2n ** 63n)
  return BigInt(value)
}

const tagSize = (field: number): number => (field < 16 ? 1 : 2)

function varintSize(value: number): number {
  if (!Number.isInteger(value)) notAnInteger(value)
  if (value < 0) return 10
  let n = 1
  for (let limit = 128; value >= limit && n < 9; limit *= 128) n++
  return n
}

function notAnInteger(value: number): never {
  throw new OnnxError(`${value} is not an integer, but an integer field holds it. Give a whole number.`)
}

/** Bytes of a string in UTF-8; a lone surrogate counts as the replacement character (3), as TextEncoder writes it. */
function utf8Length(s: string): number {
  let n = s.length
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i)
    if (c < 0x80) continue
    if (c < 0x800) n += 1
    else {
      n += 2
      if (c >= 0xd800 && c < 0xdc00 && i + 1 < s.length && (s.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++
    }
  }
  return n
}
