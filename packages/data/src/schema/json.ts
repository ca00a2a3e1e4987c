/** One way to write a JSON value, so that equal values are equal bytes. */
import { DataError } from '../error.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * A plain copy of `value` that JSON can hold: typed arrays become arrays, ±Infinity becomes null (JSON has no infinity; a null mass is an
 * immovable body), undefined fields are left out. Throws `DataError` naming the path of a NaN or of anything that is not data.
 */
export function toJson(value: unknown, path = '$'): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') {
    if (Number.isNaN(value)) throw new DataError(`${path} is not a number (NaN); every recorded value must be finite`)
    return Number.isFinite(value) ? (value === 0 ? 0 : value) : null
  }
  if (Array.isArray(value)) return value.map((v, i) => toJson(v, `${path}[${i}]`))
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<number>, (v, i) => toJson(v, `${path}[${i}]`))
  }
  if (typeof value === 'object') {
    const out: Record<string, Json> = {}
    for (const [k, v] of Object.entries(value)) if (v !== undefined) out[k] = toJson(v, `${path}.${k}`)
    return out
  }
  throw new DataError(`${path} is a ${typeof value}, which JSON cannot hold`)
}

const isScalar = (v: Json) => v === null || typeof v !== 'object'
const isFlat = (v: Json): boolean =>
  isScalar(v) || (Array.isArray(v) && v.every(x => isScalar(x) || (Array.isArray(x) && x.every(isScalar))))

function write(v: Json, indent: string): string {
  if (isScalar(v)) return JSON.stringify(v)
  const inner = indent + '  '
  if (Array.isArray(v)) {
    if (v.length === 0) return '[]'
    if (isFlat(v)) return JSON.stringify(v)
    return `[\n${v.map(x => inner + write(x, inner)).join(',\n')}\n${indent}]`
  }
  const entries = Object.entries(v as { readonly [key: string]: Json }).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  if (entries.length === 0) return '{}'
  return `{\n${entries.map(([k, x]) => `${inner}${JSON.stringify(k)}: ${write(x, inner)}`).join(',\n')}\n${indent}}`
}

/** Keys sorted by UTF-16 unit, numbers as ECMAScript's shortest round trip, small arrays on one line, a newline at the end. */
export const canonicalJson = (value: unknown): string => write(toJson(value), '') + '\n'

export const jsonBytes = (value: unknown): Uint8Array => new TextEncoder().encode(canonicalJson(value))

/** Parses UTF-8 JSON; a `DataError` names `where` when it is broken. */
export function parseJson(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (e) {
    throw new DataError(`${where} is not valid JSON (${(e as Error).message}); make it again or restore it`)
  }
}
