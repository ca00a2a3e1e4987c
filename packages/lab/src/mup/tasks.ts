/** What the networks learn: batches as a function of a key and a number, so that all arms of a seed see the same. */
import { characterTokeniser } from '@dioramic/learn/language'
import { loadCorpus } from '@dioramic/learn/node/language'
import { drawnDigits } from '@dioramic/learn/theory'
import { f32, fillNormal, i64, type Key, type NDArray, randomWindows } from '@dioramic/tensor'
import type { Family } from './networks.ts'

/** Characters of a window. */
export const TIME = 32

export interface Batch {
  readonly x: NDArray
  readonly y: NDArray
}
export type Batches = (number: number) => Batch | Promise<Batch>

let read: { readonly size: number; readonly tokens: NDArray } | undefined

/** A novel as characters; read when it is first needed. */
export function text(): { readonly size: number; readonly tokens: NDArray } {
  if (!read) {
    const [novel] = loadCorpus('moby-dick').documents as readonly [string]
    const tokeniser = characterTokeniser([novel])
    read = { size: tokeniser.size, tokens: tokeniser.encode(novel) }
  }
  return read
}

const normals = (n: number, key: Key): Float32Array => {
  const out = new Float32Array(n)
  fillNormal(out, key.words)
  return out
}

/** x in R¹⁶, Gaussian; its class of eight is the signs of x₀·x₁, of x₂·x₃ and of x₄·x₅, for which a network has to find six directions that say nothing by themselves. Every batch is new. */
function products(size: number, key: Key): Batches {
  return number => {
    const x = normals(size * 16, key.fork('x').fork(number))
    const positive = (row: number, i: number) => Number(x[row * 16 + i]! * x[row * 16 + i + 1]! > 0)
    return {
      x: f32(x, [size, 16]),
      y: i64(Array.from({ length: size }, (_, row) => 4 * positive(row, 0) + 2 * positive(row, 2) + positive(row, 4))),
    }
  }
}

/** Noisy, distorted digits of 8 × 8, drawn anew for every batch. */
function digits(size: number, key: Key): Batches {
  return number => {
    const { x, y } = drawnDigits(size, key.fork(number), { noise: 0.2, spread: 1 })
    return { x: f32(Float32Array.from(x.flatMap(row => [...row])), [size, 1, 8, 8]), y: i64(y) }
  }
}

/** Windows of a novel, by characters. */
function characters(size: number, key: Key): Batches {
  const windows = randomWindows(text().tokens, { batch: size, time: TIME, key })
  return number => windows.at(0, number) as unknown as Promise<Batch>
}

export const batchesOf = (family: Family, size: number, key: Key): Batches =>
  (family === 'mlp' ? products : family === 'resnet' || family === 'one branch' ? digits : characters)(size, key)
