/** Moves big arrays into shared memory, so that every worker reads the same copy. */

/** A deep copy of plain data whose typed arrays lie in `SharedArrayBuffer`s; posting it copies no pixels. */
export function share<T>(value: T): T {
  if (ArrayBuffer.isView(value)) {
    if (value instanceof DataView || value.buffer instanceof SharedArrayBuffer) return value
    const source = value as unknown as Uint8Array
    const out = new (source.constructor as new (b: SharedArrayBuffer) => Uint8Array)(new SharedArrayBuffer(source.byteLength))
    out.set(source)
    return out as unknown as T
  }
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [k, share(v)])) as T
  if (Array.isArray(value)) return value.map(share) as T
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, share(v)])) as T
  return value
}
