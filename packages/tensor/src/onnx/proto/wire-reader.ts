import { OnnxError } from './error.ts'

/** Messages nest no deeper than this (protobuf's own default is 100). */
const DEPTH = 100
const WIRE = ['varint', '64-bit', 'length-delimited', 'group start', 'group end', '32-bit', 'unknown (6)', 'unknown (7)']

/**
 * Reads the fields of protobuf messages from hostile bytes: `while (r.next()) switch (r.field) { case 1: x = r.string('name'); … default: r.skip() }`.
 * Never reads past the end of the message it is in, and never allocates more than the bytes that are there.
 * Errors are OnnxError with the path of the field (`graph.node[3].attribute[0].i`) and the byte offset.
 */
export class WireReader {
  /** Number of the field whose value comes next. */
  field = 0
  private wire = 0
  private at = 0
  private end: number
  private readonly data: Uint8Array
  private readonly view: DataView
  private readonly path: string[] = []

  constructor(data: Uint8Array) {
    this.data = data
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength)
    this.end = data.length
  }

  /** Reads the tag of the next field; false at the end of the message. */
  next(): boolean {
    if (this.at === this.end) return false
    const tag = this.unsigned('tag')
    this.field = Math.floor(tag / 8)
    this.wire = tag % 8
    if (this.field === 0 || this.field > 536_870_911) this.fail('', `has a tag with field number ${this.field}`)
    if (this.wire === 3 || this.wire === 4 || this.wire > 5) this.fail('', `field ${this.field} has the wire type ${WIRE[this.wire]}`)
    return true
  }

  /** Passes over a field that is not known here. */
  skip(): void {
    const name = `field ${this.field}`
    if (this.wire === 0) this.varint(name)
    else if (this.wire === 2) this.take(this.unsigned(name), name)
    else this.take(this.wire === 1 ? 8 : 4, name)
  }

  /** An int64 as the nearest number. */
  int(name: string): number {
    this.expect(0, name)
    return this.varint(name)
  }

  bigint(name: string): bigint {
    this.expect(0, name)
    return this.varint64(name)
  }

  float(name: string): number {
    this.expect(5, name)
    return this.view.getFloat32(this.take(4, name), true)
  }

  string(name: string): string {
    this.expect(2, name)
    const n = this.unsigned(name)
    const from = this.take(n, name)
    if (n <= 32) {
      let s = ''
      let i = from
      for (let c: number; i < from + n && (c = this.data[i]!) < 128; i++) s += String.fromCharCode(c)
      if (i === from + n) return s
    }
    try {
      // TextDecoder refuses views on shared memory, hence the copy.
      return decoder.decode(this.data.slice(from, from + n))
    } catch {
      return this.fail(name, 'is not UTF-8 text')
    }
  }

  /** A view on the bytes of the field, not a copy. */
  bytes(name: string): Uint8Array {
    this.expect(2, name)
    const n = this.unsigned(name)
    const from = this.take(n, name)
    return this.data.subarray(from, from + n)
  }

  /** Appends one value, or all of a packed field. */
  ints(name: string, into: number[]): void {
    this.packed(name, 0, () => into.push(this.varint(name)))
  }
  bigints(name: string, into: bigint[]): void {
    this.packed(name, 0, () => into.push(this.varint64(name)))
  }
  floats(name: string, into: number[]): void {
    this.packed(name, 5, () => into.push(this.view.getFloat32(this.take(4, name), true)))
  }
  doubles(name: string, into: number[]): void {
    this.packed(name, 1, () => into.push(this.view.getFloat64(this.take(8, name), true)))
  }

  /** Reads a nested message; `index` is its place in a repeated field. */
  message<T>(name: string, read: (r: WireReader) => T, index?: number): T {
    this.expect(2, name)
    const n = this.unsigned(name)
    const from = this.take(n, name)
    const outer = this.end
    this.path.push(index === undefined ? name : `${name}[${index}]`)
    if (this.path.length > DEPTH) this.fail('', `is nested more than ${DEPTH} deep`)
    this.at = from
    this.end = from + n
    const value = read(this)
    this.at = this.end
    this.end = outer
    this.path.pop()
    return value
  }

  /** Throws OnnxError with the path of `name` in the message being read. */
  fail(name: string, what: string): never {
    throw new OnnxError(`${this.where(name)} ${what} (near byte ${this.at} of ${this.data.length}). ${HINT}`)
  }

  /** The path of `name` in the message being read. */
  where(name: string): string {
    return [...this.path, ...(name ? [name] : [])].join('.') || 'The model'
  }

  private expect(wire: number, name: string): void {
    if (this.wire !== wire) this.fail(name, `has the wire type ${WIRE[this.wire]}, not ${WIRE[wire]}`)
  }

  private packed(name: string, wire: number, one: () => void): void {
    if (this.wire === wire) {
      one()
      return
    }
    this.expect(2, name)
    const n = this.unsigned(name)
    const from = this.take(n, name)
    const outer = this.end
    this.at = from
    this.end = from + n
    while (this.at < this.end) one()
    this.end = outer
  }

  /** Moves past `n` bytes and returns where they begin. */
  private take(n: number, name: string): number {
    if (n > this.end - this.at) this.fail(name, `should take ${n} bytes, but ${this.end - this.at} are left`)
    const from = this.at
    this.at += n
    return from
  }

  /** A varint used as a tag or a length: small and not negative. */
  private unsigned(name: string): number {
    const b = this.data[this.at]!
    if (this.at < this.end && b < 128) {
      this.at++
      return b
    }
    const v = this.varint(name)
    return v < 0 ? 2 ** 64 + v : v
  }

  private varint(name: string): number {
    let low = 0
    let at = this.at
    for (let shift = 0; shift < 28 && at < this.end; shift += 7) {
      const b = this.data[at++]!
      low |= (b & 127) << shift
      if (b < 128) {
        this.at = at
        return low
      }
    }
    return Number(this.varint64(name))
  }

  private varint64(name: string): bigint {
    let value = 0n
    for (let i = 0; i < 10; i++) {
      if (this.at === this.end) this.fail(name, 'ends in the middle of a number')
      const b = this.data[this.at++]!
      value |= BigInt(b & 127) << BigInt(7 * i)
      if (b < 128) return BigInt.asIntN(64, value)
    }
    return this.fail(name, 'has a number of more than 10 bytes')
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const HINT = 'The file is cut short, corrupt, or not an ONNX model: copy or export it again.'
