import { CheckpointError } from './error.ts'

/** A JSON value whose objects are maps, so that no key is special. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | ReadonlyMap<string, JsonValue>

const DEPTH = 32
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const SPACE = /[ \t\n\r]*/y

/**
 * Parses JSON (RFC 8259) and refuses what `JSON.parse` lets pass: a key given twice, which would hide one of the two.
 * Throws CheckpointError that names the place in `what`.
 */
export function parseStrictJson(text: string, what: string): JsonValue {
  let at = 0
  const fail = (problem: string): never => {
    throw new CheckpointError(
      `${what}: ${problem} at character ${at}. The file is corrupt or not what its name says: copy or write it again.`,
    )
  }
  const space = (): void => {
    SPACE.lastIndex = at
    SPACE.exec(text)
    at = SPACE.lastIndex
  }
  const take = (token: string): boolean => {
    space()
    if (!text.startsWith(token, at)) return false
    at += token.length
    return true
  }
  const string = (): string => {
    const from = at
    for (at++; ; at++) {
      const c = text.charCodeAt(at)
      if (Number.isNaN(c)) fail('a string does not end')
      if (c === 0x22) break
      if (c === 0x5c) at++
    }
    at++
    try {
      return JSON.parse(text.slice(from, at)) as string
    } catch {
      at = from
      return fail('a string is malformed')
    }
  }
  const value = (depth: number): JsonValue => {
    if (depth > DEPTH) fail(`nesting of more than ${DEPTH}`)
    space()
    if (take('{')) return object(depth)
    if (take('[')) return list(depth)
    if (text[at] === '"') return string()
    for (const [word, v] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const)
      if (take(word)) return v
    NUMBER.lastIndex = at
    const number = NUMBER.exec(text)
    if (!number) return fail('no value')
    at = NUMBER.lastIndex
    return Number(number[0])
  }
  const object = (depth: number): JsonValue => {
    const out = new Map<string, JsonValue>()
    if (take('}')) return out
    do {
      space()
      if (text[at] !== '"') fail('no key')
      const key = string()
      if (out.has(key)) fail(`the key ${JSON.stringify(key)} is given twice, before the one`)
      if (!take(':')) fail('no colon')
      out.set(key, value(depth + 1))
    } while (take(','))
    return take('}') ? out : fail('no end of an object')
  }
  const list = (depth: number): JsonValue => {
    const out: JsonValue[] = []
    if (take(']')) return out
    do out.push(value(depth + 1))
    while (take(','))
    return take(']') ? out : fail('no end of a list')
  }
  const result = value(0)
  space()
  if (at !== text.length) fail('more text than one value')
  return result
}
