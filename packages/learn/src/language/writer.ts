/** Texts from a language model, by its decoder or by running it over its window for each token. */
import {
  compile,
  decoder,
  gather,
  type Key,
  type NDArray,
  type Runtime,
  type SampleOptions,
  sampleToken,
  type Tensor,
  type Tree,
} from '@dioramic/tensor'
import { LanguageError } from './error.ts'
import { enter } from './loss.ts'
import type { LanguageModel } from './model.ts'
import type { ModelValues } from './score.ts'

export interface WriteOptions extends SampleOptions {
  /** Tokens to make. */
  readonly count: number
  /** Token t is drawn with `key.fork(t)`. */
  readonly key: Key
  /** Told each token as it is made. */
  readonly each?: (token: number) => void
}

export interface Writer {
  /** The tokens that follow a prompt. What no longer fits into the window is forgotten. @throws LanguageError for a prompt that is empty, or too short for the model */
  write(prompt: ArrayLike<number | bigint>, options: WriteOptions): Promise<number[]>
  dispose(): Promise<void>
}

/** Reads one token after another and tells the logits of the next. */
interface Reader {
  restart(): void
  /** Logits after these tokens and all read since the restart. */
  read(tokens: readonly number[]): Promise<Float32Array>
  /** Tokens that it can still read. */
  room(): number
  dispose(): Promise<void>
}

/** By the layer's decoder: caches of the window's length, or, where a state is carried, of the state's own. */
function decoding(model: LanguageModel, values: ModelValues, runtime: Runtime): Reader {
  const length = model.carried ? 2 ** 30 : model.time
  const one = decoder(model.layer, values.params, runtime, { batch: 1, length })
  let read = 0
  return {
    restart: () => {
      one.restart()
      read = 0
    },
    read: async tokens => {
      let logits: NDArray | undefined
      for (const t of tokens) logits = await one.step([t])
      read += tokens.length
      return logits!.data as Float32Array
    },
    room: () => length - read,
    dispose: () => one.dispose(),
  }
}

/** By runs over the whole window, what is not yet written filled up; a carried state moves on when a segment is full. */
function running(model: LanguageModel, values: ModelValues, runtime: Runtime): Reader {
  const { time } = model
  const rows = model.carried?.lanes ?? 1
  const run = compile<readonly Tree<NDArray>[]>((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor, start: Tensor, place: Tensor) => {
    const [logits, state] = model.layer.apply(p, enter(model, p, s, { start }), x)
    return { logits: gather(logits, place, 1), state } as Tree<Tensor>
  }, runtime)
  let window: number[] = []
  let state = values.state
  let first = true
  const apply = async () => {
    const data = new BigInt64Array(rows * time)
    for (let r = 0; r < rows; r++) data.set(window.map(BigInt), r * time)
    const x: NDArray = { dtype: 'i64', shape: [rows, time], data }
    const start: NDArray = { dtype: 'bool', shape: [rows], data: new Uint8Array(rows).fill(first ? 1 : 0) }
    const place: NDArray = { dtype: 'i64', shape: [], data: BigInt64Array.of(BigInt(window.length - 1)) }
    return (await run(values.params, state, x, start, place)) as { logits: NDArray; state: Tree<NDArray> }
  }
  return {
    restart: () => {
      window = []
      state = values.state
      first = true
    },
    read: async tokens => {
      let logits: NDArray | undefined
      let rest = tokens
      while (rest.length > 0) {
        const part = rest.slice(0, time - window.length)
        rest = rest.slice(part.length)
        window.push(...part)
        const out = await apply()
        logits = out.logits
        if (window.length === time && model.carried) {
          state = out.state
          first = false
          window = []
        }
      }
      return (logits!.data as Float32Array).slice(0, model.vocabulary)
    },
    room: () => (model.carried ? Number.POSITIVE_INFINITY : time - window.length),
    dispose: () => run.dispose(),
  }
}

/** Writes texts with a trained model. Values of a model that carries its state are its parameters and its first state. */
export function writer(model: LanguageModel, values: ModelValues, runtime: Runtime): Writer {
  const reader = (model.decodes ? decoding : running)(model, values, runtime)
  const least = (model.scoredFrom ?? 0) + 1
  return {
    write: async (prompt, { count, key, each, ...sampling }) => {
      const text = Array.from(prompt, Number)
      if (text.length < least)
        throw new LanguageError(`the prompt has ${text.length} tokens; this model needs ${least} to say what comes next`)
      const wrong = text.find(t => !(t >= 0 && t < model.vocabulary))
      if (wrong !== undefined) throw new LanguageError(`the prompt holds token ${wrong}; the model's vocabulary has ${model.vocabulary}`)
      // A full window is left for its second half, so that there is room to go on.
      const recent = (n: number) => text.slice(-Math.max(least, n))
      reader.restart()
      let logits = await reader.read(recent(Math.min(text.length, reader.room())))
      const out: number[] = []
      for (let t = 0; t < count; t++) {
        const token = sampleToken(logits, key.fork(t), sampling)
        out.push(token)
        text.push(token)
        each?.(token)
        if (t + 1 === count) break
        if (reader.room() > 0) logits = await reader.read([token])
        else {
          reader.restart()
          logits = await reader.read(recent(Math.ceil(model.time / 2)))
        }
      }
      return out
    },
    dispose: () => reader.dispose(),
  }
}
