/** Texts as tokens: characters, and windows of them. */
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import { drawInts } from '../random/draw.ts'
import type { Key } from '../random/key.ts'
import type { Batches } from './batches.ts'

/** Characters and their numbers. */
export interface Vocabulary {
  readonly size: number
  /** All characters, in the order of their numbers. */
  readonly characters: readonly string[]
  /** i64 [length]. @throws TensorError for a character that is not in it */
  encode(text: string): NDArray
  decode(tokens: NDArray | ArrayLike<number | bigint>): string
}

/** The characters of a text (Unicode code points), sorted: the same text gives the same numbers. */
export function vocabulary(text: string | readonly string[]): Vocabulary {
  const characters = [...new Set(typeof text === 'string' ? text : text.join(''))].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!)
  const numbers = new Map(characters.map((c, i) => [c, BigInt(i)]))
  return {
    size: characters.length,
    characters,
    encode: s => {
      const data = BigInt64Array.from([...s], c => {
        const n = numbers.get(c)
        if (n === undefined) throw new TensorError(`the character ${JSON.stringify(c)} is not in the vocabulary: make it of all texts`)
        return n
      })
      return { dtype: 'i64', shape: [data.length], data }
    },
    decode: tokens => {
      const list = 'data' in tokens ? tokens.data : tokens
      return Array.from(list as ArrayLike<number | bigint>, n => characters[Number(n)] ?? '\ufffd').join('')
    },
  }
}

export interface TextWindowOptions {
  readonly batch: number
  /** Tokens of a window. */
  readonly time: number
}

/** A window and the same moved on by one token: both i64 [batch, time]. */
export interface TextWindow {
  readonly x: NDArray
  readonly y: NDArray
}

/** Windows at random places of a text; an epoch is as many batches as cover the text once, or `perEpoch`. */
export function randomWindows(
  tokens: NDArray,
  { batch, time, key, perEpoch }: TextWindowOptions & { readonly key: Key; readonly perEpoch?: number },
): Batches<TextWindow> {
  const places = tokens.data.length - time
  if (places < 1) throw new TensorError(`a text of ${tokens.data.length} tokens has no window of ${time} and the one after`)
  return {
    perEpoch: perEpoch ?? Math.max(1, Math.floor(tokens.data.length / (batch * time))),
    at: (epoch, index) => {
      const starts = new Float64Array(batch)
      drawInts(starts, key.fork(epoch).fork(index).words, 0, places)
      return windowsAt(tokens, starts, time)
    },
  }
}

/** All windows of a text one after another, for validation; `mask` (bool [batch]) is false for rows that only fill the last batch. */
export function allWindows(tokens: NDArray, { batch, time }: TextWindowOptions): Batches<TextWindow & { readonly mask: NDArray }> {
  const count = Math.floor((tokens.data.length - 1) / time)
  if (count < 1) throw new TensorError(`a text of ${tokens.data.length} tokens has no window of ${time} and the one after`)
  return {
    perEpoch: Math.ceil(count / batch),
    at: (_epoch, index) => {
      const rows = Array.from({ length: batch }, (_, i) => index * batch + i)
      const mask: NDArray = { dtype: 'bool', shape: [batch], data: Uint8Array.from(rows, r => Number(r < count)) }
      const starts = rows.map(r => Math.min(r, count - 1) * time)
      return { ...windowsAt(tokens, starts, time), mask }
    },
  }
}

function windowsAt(tokens: NDArray, starts: ArrayLike<number>, time: number): TextWindow {
  const all = tokens.data as BigInt64Array
  const make = (shift: number): NDArray => {
    const data = new BigInt64Array(starts.length * time)
    for (let i = 0; i < starts.length; i++) data.set(all.subarray(starts[i]! + shift, starts[i]! + shift + time), i * time)
    return { dtype: 'i64', shape: [starts.length, time], data }
  }
  return { x: make(0), y: make(1) }
}
