/** Values of options, checked where they are written. Loaded before any command: no whole package may be. */
import { suggest } from '@dioramic/scene/suggest'
import { UsageError } from './fail.ts'

/** `256x192`, or `256` for a square. */
export function parseSize(text: string): [number, number] {
  const m = /^(\d{1,5})(?:x(\d{1,5}))?$/.exec(text)
  const size: [number, number] = [Number(m?.[1]), Number(m?.[2] ?? m?.[1])]
  if (!m || size.some(n => n < 1 || n > 16384))
    throw new UsageError(`--size ${text}: write width x height in pixels, such as 256x256 or 640x480, each from 1 to 16384`)
  return size
}

/** `1x28x28`. */
export function parseShape(text: string): number[] {
  const sizes = text.split('x').map(Number)
  if (sizes.some(n => !(Number.isInteger(n) && n >= 1)))
    throw new UsageError(`--shape ${text}: write sizes with x between, such as 1x28x28`)
  return sizes
}

/** An integer in a range. */
export const integer =
  (option: string, low: number, high = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const n = /^-?\d+$/.test(text.trim()) ? Number(text) : Number.NaN
    if (!Number.isSafeInteger(n) || n < low || n > high) {
      throw new UsageError(
        `${option} ${text}: write an integer ${high === Number.MAX_SAFE_INTEGER ? `from ${low}` : `from ${low} to ${high}`}`,
      )
    }
    return n
  }

/** A number in a range. */
export const number =
  (option: string, low: number, high: number) =>
  (text: string): number => {
    const n = text.trim() === '' ? Number.NaN : Number(text)
    if (!(n >= low && n <= high)) throw new UsageError(`${option} ${text}: write a number from ${low} to ${high}`)
    return n
  }

/** One of a few words. */
export const word =
  <T extends string>(option: string, known: readonly T[]) =>
  (text: string): T => {
    if (!known.includes(text as T)) throw new UsageError(`${option} ${text}: ${suggest(text, known)}`)
    return text as T
  }

/** `folder,coco`: words with commas between. */
export const words =
  <T extends string>(option: string, known: readonly T[]) =>
  (text: string): T[] => [...new Set(text.split(',').map(w => word(option, known)(w.trim())))]

/** Collects `key=value`; the value is JSON where it can be, else text. */
export function collectConfig(text: string, before: Record<string, unknown>): Record<string, unknown> {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageError(`--config ${text}: write key=value, such as --config maxCount=5`)
  const raw = text.slice(at + 1)
  let value: unknown = raw
  try {
    value = JSON.parse(raw)
  } catch {
    // Plain text stays text.
  }
  return { ...before, [text.slice(0, at)]: value }
}

export const collect = (text: string, before: readonly string[]): string[] => [...before, text]

/** Names with commas between; the option may be repeated. */
export const collectNames = (text: string, before: readonly string[]): string[] => [...before, ...text.split(',').map(n => n.trim())]

/** `lighting=0.5,texture=1`: how far each is shifted, 0 to 1; the option may be repeated. */
export function collectShift(text: string, before: Readonly<Record<string, number>>): Record<string, number> {
  const out = { ...before }
  for (const part of text.split(',')) {
    const [name = '', value] = part.split('=')
    const far = value === undefined || value.trim() === '' ? Number.NaN : Number(value)
    if (!(far >= 0 && far <= 1))
      throw new UsageError(`--shift ${text}: write name=number with numbers from 0 to 1, such as lighting=0.5,texture=1`)
    out[name.trim()] = far
  }
  return out
}

/** `0.16,0.2`: two shares. */
export function parseShares(text: string): [validation: number, test: number] {
  const shares = text.split(',').map(Number)
  if (shares.length !== 2 || shares.some(s => !(s > 0 && s < 1)))
    throw new UsageError(`--shares ${text}: write the shares of validation and test rows, such as 0.16,0.2`)
  return shares as [number, number]
}
