import { CheckpointError } from './error.ts'

/** What a record may hold: JSON, and the numbers that JSON has no words for (infinities, NaN, −0), so that a resumed run continues exactly. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/** JSON text of a record. Throws CheckpointError, with the path, for what would not come back as it is. */
export function stringifyRecord(value: Json): string {
  return JSON.stringify(encode(value, 'record'))
}

/** The record of a text. Throws CheckpointError for malformed text. */
export function parseRecord(text: string, what: string): Json {
  try {
    return JSON.parse(text, (_key, v) => (isMark(v) ? numberOf(v.$number) : v)) as Json
  } catch {
    throw new CheckpointError(`${what}: the record is no JSON. The file is corrupt: copy it again or use an earlier checkpoint.`)
  }
}

function encode(v: unknown, path: string): unknown {
  if (typeof v === 'number') return Number.isFinite(v) && !Object.is(v, -0) ? v : { $number: Object.is(v, -0) ? '-0' : String(v) }
  if (v === null || typeof v === 'string' || typeof v === 'boolean') return v
  if (Array.isArray(v)) return v.map((x, i) => encode(x, `${path}/${i}`))
  if (typeof v !== 'object' || (Object.getPrototypeOf(v) !== Object.prototype && Object.getPrototypeOf(v) !== null))
    throw new CheckpointError(
      `${path} is ${typeof v === 'object' ? `a ${v.constructor.name}` : `of type ${typeof v}`}, which a record cannot hold. Use JSON, and arrays for tensors.`,
    )
  if (Object.hasOwn(v, '$number')) throw new CheckpointError(`${path} has a key "$number", which is reserved. Rename it.`)
  const present = Object.entries(v).filter(([, x]) => x !== undefined)
  return Object.fromEntries(present.map(([k, x]) => [k, encode(x, `${path}/${k}`)]))
}

const isMark = (v: unknown): v is { readonly $number: string } =>
  typeof v === 'object' && v !== null && typeof Object.getOwnPropertyDescriptor(v, '$number')?.value === 'string'

// Number('-0') is −0.
const numberOf = (s: string): number => Number(s)
