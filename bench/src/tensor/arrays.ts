/** Batches as a safetensors file, the same for both sides. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'

export interface Plain {
  readonly shape: readonly number[]
  readonly data: Float32Array | BigInt64Array
}

export type Arrays = Readonly<Record<string, Plain>>

export function writeArrays(file: string, arrays: Arrays): void {
  let at = 0
  const header: Record<string, object> = {}
  for (const [name, { shape, data }] of Object.entries(arrays)) {
    header[name] = { dtype: data instanceof Float32Array ? 'F32' : 'I64', shape, data_offsets: [at, (at += data.byteLength)] }
  }
  const text = JSON.stringify(header)
  const bytes = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(bytes.length))
  const out = openSync(file, 'w')
  for (const part of [
    length,
    bytes,
    ...Object.values(arrays).map(a => new Uint8Array(a.data.buffer, a.data.byteOffset, a.data.byteLength)),
  ]) {
    for (let done = 0; done < part.length; ) done += writeSync(out, part, done)
  }
  closeSync(out)
}

export function readArrays(file: string): Arrays {
  const bytes = readFileSync(file)
  const body = 8 + Number(bytes.readBigUInt64LE())
  const header = JSON.parse(bytes.subarray(8, body).toString()) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >
  return Object.fromEntries(
    Object.entries(header).map(([name, { dtype, shape, data_offsets }]) => {
      const own = bytes.buffer.slice(bytes.byteOffset + body + data_offsets[0], bytes.byteOffset + body + data_offsets[1]) as ArrayBuffer
      return [name, { shape, data: dtype === 'F32' ? new Float32Array(own) : new BigInt64Array(own) }]
    }),
  )
}
