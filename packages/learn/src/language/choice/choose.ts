/** Zero-shot multiple choice by likelihood: the answer is the choice that the model finds likeliest after the context. */
import type { NDArray, Runtime } from '@dioramic/tensor'
import { wilson } from '../../report/index.ts'
import { LanguageError } from '../error.ts'
import type { LanguageModel } from '../model.ts'
import { type ModelValues, scorer } from '../score.ts'
import type { Tokeniser } from '../tokeniser.ts'
import type { ChoiceItem } from './items.ts'

/** How a choice is judged by its log-likelihood: as it is; a byte of it; or less that after no context (Holtzman et al. 2021, "Surface form competition"). */
export type ChoiceRule = 'sum' | 'perByte' | 'calibrated'

export interface ChoiceScore {
  readonly rule: ChoiceRule
  readonly right: number
  readonly items: number
  readonly accuracy: number
  /** Wilson's 95 % interval. */
  readonly interval: readonly [low: number, high: number]
}

export interface Choices {
  readonly scores: readonly ChoiceScore[]
  /** What guessing would get. */
  readonly chance: number
  /** Nats of each item's choices after the context and after none. */
  readonly likelihoods: readonly { readonly after: readonly number[]; readonly alone: readonly number[] }[]
}

export interface ChooseOptions {
  readonly model: LanguageModel
  readonly values: ModelValues
  readonly tokeniser: Tokeniser
  readonly runtime: Runtime
  /** Rows that are run at once. Default 16; of a model that carries its state its lanes. */
  readonly batch?: number
  /** Told after each batch. */
  readonly progress?: (done: number, total: number) => void
}

/** Tokens of which the last `scored` are judged. */
interface Row {
  readonly tokens: readonly bigint[]
  readonly scored: number
}

/** Asks a model all items. @throws LanguageError for an item that does not fit into the window or that the tokeniser cannot write */
export async function choose(items: readonly ChoiceItem[], options: ChooseOptions): Promise<Choices> {
  const { tokeniser, model } = options
  if (items.length === 0) throw new LanguageError('there are no items to choose in')
  const encode = (text: string) => [...(tokeniser.encode(text).data as BigInt64Array)]
  // Partial predictions begin late in the window.
  const nothing = new Array<bigint>((model.scoredFrom ?? 0) + 1).fill(neutralToken(tokeniser))
  const rows: Row[] = items.flatMap(({ context, choices }, i) => {
    // White space belongs to the word after it, as in the text.
    const bare = context.trimEnd()
    const space = context.slice(bare.length)
    const head = bare === '' ? nothing : encode(bare)
    return choices.flatMap(choice => {
      const tail = encode(bare === '' ? choice : space + choice)
      if (tail.length > model.time - (model.scoredFrom ?? 0) && !model.carried)
        throw new LanguageError(
          `item ${i + 1} has a choice of ${tail.length} tokens; the model's window scores ${model.time - (model.scoredFrom ?? 0)}`,
        )
      return [head, nothing].map(h => ({ tokens: [...h, ...tail], scored: tail.length }))
    })
  })
  const nats = await costOf(rows, options)
  let at = 0
  const likelihoods = items.map(({ choices }) => {
    const own = choices.map(() => [-nats[at++]!, -nats[at++]!] as const)
    return { after: own.map(o => o[0]), alone: own.map(o => o[1]) }
  })
  const judged: Readonly<Record<ChoiceRule, (i: number, c: number) => number>> = {
    sum: (i, c) => likelihoods[i]!.after[c]!,
    perByte: (i, c) => likelihoods[i]!.after[c]! / new TextEncoder().encode(items[i]!.choices[c]!).length,
    calibrated: (i, c) => likelihoods[i]!.after[c]! - likelihoods[i]!.alone[c]!,
  }
  const scores = (Object.keys(judged) as ChoiceRule[]).map(rule => {
    const right = items.filter(({ choices, answer }, i) => {
      const values = choices.map((_, c) => judged[rule](i, c))
      return values.indexOf(Math.max(...values)) === answer
    }).length
    return { rule, right, items: items.length, accuracy: right / items.length, interval: wilson(right, items.length) }
  })
  return { scores, chance: items.reduce((s, { choices }) => s + 1 / choices.length, 0) / items.length, likelihoods }
}

/** What stands for no context: the end of a line, or, of a text that has none, a space; else token 0. */
function neutralToken({ data, encode }: Tokeniser): bigint {
  const sign = ['\n', ' '].find(c => data.kind === 'bpe' || data.characters.includes(c))
  return sign === undefined ? 0n : (encode(sign).data as BigInt64Array)[0]!
}

/** Nats of each row's scored tokens. */
async function costOf(rows: readonly Row[], { model, values, runtime, batch = 16, progress }: ChooseOptions): Promise<Float64Array> {
  const { time, scoredFrom: from = 0 } = model
  const size = model.carried?.lanes ?? batch
  const short = rows.findIndex(r => r.tokens.length - r.scored <= from)
  if (short >= 0)
    throw new LanguageError(
      `this model predicts from token ${from + 1} of a window on; a context has ${rows[short]!.tokens.length - rows[short]!.scored} tokens: give longer ones`,
    )
  const run = scorer(model, runtime)
  const nats = new Float64Array(rows.length)
  // Rows of much the same length together, so that few are run for nothing.
  const order = rows.map((_, i) => i).sort((a, b) => rows[a]!.tokens.length - rows[b]!.tokens.length || a - b)
  try {
    for (let first = 0; first < rows.length; first += size) {
      const group = order.slice(first, first + size).map(i => {
        const { tokens, scored } = rows[i]!
        return { i, scored, tokens: model.carried ? tokens : tokens.slice(-(time + 1)) }
      })
      let { state } = values
      const segments = Math.max(...group.map(r => Math.ceil((r.tokens.length - 1) / time)))
      for (let s = 0; s < segments; s++) {
        const make = (shift: number): NDArray => {
          const data = new BigInt64Array(size * time)
          group.forEach((r, k) => {
            r.tokens.slice(s * time + shift, Math.min((s + 1) * time, r.tokens.length - 1) + shift).forEach((t, j) => {
              data[k * time + j] = t
            })
          })
          return { dtype: 'i64', shape: [size, time], data }
        }
        const out = await run.run(
          { params: values.params, state },
          {
            x: make(0),
            y: make(1),
            ...(model.carried ? { start: { dtype: 'bool', shape: [size], data: new Uint8Array(size).fill(s === 0 ? 1 : 0) } } : {}),
          },
        )
        if (model.carried) state = out.state
        const found = out.nats.data as Float32Array
        group.forEach((r, k) => {
          // Target j of the row is token j + 1.
          const targets = r.tokens.length - 1
          for (let j = Math.max(targets - r.scored, s * time); j < Math.min(targets, (s + 1) * time); j++)
            nats[r.i]! += found[k * time + j - s * time]!
        })
      }
      progress?.(Math.min(first + size, rows.length), rows.length)
    }
  } finally {
    await run.dispose()
  }
  return nats
}
