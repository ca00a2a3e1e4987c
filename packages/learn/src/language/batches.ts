/** Batches of a text: contiguous windows for scoring, lanes for models that carry a state from segment to segment. Each is a function of (epoch, number). */
import type { Batches, NDArray } from '@dioramic/tensor'
import type { TokenText } from './corpus.ts'
import { LanguageError } from './error.ts'

/** What is learnt from or scored: tokens and those after them. */
export interface LanguageBatch<A = NDArray> {
  /** i64 [batch, time] */
  readonly x: A
  /** i64 [batch, time]: x moved on by one token. */
  readonly y: A
  /** f32 [batch, time]: 1 where a target counts, 0 where it only gives context or fills a row. Absent: all count. */
  readonly weight?: A
  /** Of lanes, bool [batch]: true where what was carried from the segment before must be forgotten, as another document starts. */
  readonly start?: A
}

export type ScoredBatch = LanguageBatch & { readonly weight: NDArray }
export type LaneBatch = ScoredBatch & { readonly start: NDArray }

export interface WindowOptions {
  readonly batch: number
  /** Tokens of a window. */
  readonly time: number
  /** How far a window is from the one before: only its last `stride` targets count, so each has at least time − stride tokens of context. Default as far as it goes. */
  readonly stride?: number
  /** Place in a window of the first target that may count; `stride` is at most time − from. Default 0. */
  readonly from?: number
}

/**
 * Contiguous windows in which each target counts once (the first window counts all from `from` on). What does not fill a stride at the end of the text is left out.
 * @throws LanguageError for a text that is too short
 */
export function scoredWindows({ tokens }: TokenText, { batch, time, stride, from = 0 }: WindowOptions): Batches<ScoredBatch> {
  const all = tokens.data as BigInt64Array
  const step = stride ?? time - from
  if (!(Number.isInteger(step) && step >= 1 && step <= time - from))
    throw new LanguageError(`the stride is a whole number from 1 to ${time - from} of a window of ${time} tokens, not ${step}`)
  const count = Math.floor((all.length - 1 - time) / step) + 1
  if (count < 1) throw tooShort(all.length, time)
  return {
    perEpoch: Math.ceil(count / batch),
    at: (_epoch, index) => {
      const rows = Array.from({ length: batch }, (_, b) => index * batch + b)
      const weight = new Float32Array(batch * time)
      rows.forEach((i, b) => {
        if (i < count) weight.fill(1, b * time + (i === 0 ? from : time - step), (b + 1) * time)
      })
      const pieces = rows.map(i => ({ at: Math.min(i, count - 1) * step, length: time }))
      return { ...pairs(all, pieces, time), weight: { dtype: 'f32', shape: [batch, time], data: weight } }
    },
  }
}

/**
 * Lanes: documents are cut into segments of `time` tokens (the last of each is filled up, and does not count there), all of them are shared out to `batch` lanes in order, and batch i has segment i
 * of each lane. A model's state goes from batch to batch; an epoch begins again at the first segments.
 * @throws LanguageError for a text with fewer segments than lanes
 */
export function laneSegments({ tokens, starts }: TokenText, { batch, time }: Pick<WindowOptions, 'batch' | 'time'>): Batches<LaneBatch> {
  const all = tokens.data as BigInt64Array
  const segments = starts.flatMap((from, d) => {
    const targets = (starts[d + 1] ?? all.length) - from - 1
    return Array.from({ length: Math.ceil(targets / time) }, (_, i) => ({
      at: from + i * time,
      length: Math.min(time, targets - i * time),
      first: i === 0,
    }))
  })
  const perEpoch = Math.floor(segments.length / batch)
  if (perEpoch < 1) throw tooShort(all.length, time, batch)
  return {
    perEpoch,
    at: (_epoch, index) => {
      const rows = Array.from({ length: batch }, (_, b) => segments[b * perEpoch + index]!)
      const weight = new Float32Array(batch * time)
      rows.forEach(({ length }, b) => {
        weight.fill(1, b * time, b * time + length)
      })
      return {
        ...pairs(all, rows, time),
        weight: { dtype: 'f32', shape: [batch, time], data: weight },
        start: { dtype: 'bool', shape: [batch], data: Uint8Array.from(rows, r => Number(r.first || index === 0)) },
      }
    },
  }
}

/** Rows of tokens and of those after them; what a row lacks is token 0. */
function pairs(all: BigInt64Array, rows: readonly { readonly at: number; readonly length: number }[], time: number) {
  const make = (shift: number): NDArray => {
    const data = new BigInt64Array(rows.length * time)
    rows.forEach(({ at, length }, b) => {
      data.set(all.subarray(at + shift, at + shift + length), b * time)
    })
    return { dtype: 'i64', shape: [rows.length, time], data }
  }
  return { x: make(0), y: make(1) }
}

const tooShort = (tokens: number, time: number, rows = 1): LanguageError =>
  new LanguageError(
    `a text of ${tokens} tokens has no ${rows === 1 ? '' : `${rows} lanes of a `}window of ${time} tokens and the one after: give a longer text, or smaller windows`,
  )
