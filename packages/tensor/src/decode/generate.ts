/** Texts from a model, token by token: the layers' decoders keep what they need of the past, so each token costs the same, and one graph of fixed shape does them all. */
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import type { Tensor } from '../graph/tensor.ts'
import { mapTree, type Tree } from '../graph/tree.ts'
import { draw } from '../nn/draw.ts'
import type { Layer } from '../nn/layer.ts'
import type { Parameter } from '../nn/parameter.ts'
import { compile } from '../plan/compile.ts'
import type { Runtime } from '../plan/runtime.ts'
import { Key } from '../random/key.ts'
import { type SampleOptions, sampleToken } from './sample.ts'

export interface GenerateOptions extends SampleOptions {
  /** Tokens to make. */
  readonly count: number
  /** Row i's token number t is drawn with `key.fork(i).fork(t)`. Needed unless the temperature is 0. */
  readonly key?: Key
}

/** A model that makes texts. */
export interface Decoder {
  /** Continues each prompt (equally long, at least one token) by `count` tokens. @throws TensorError where prompt and new tokens are more than the length */
  generate(prompts: readonly ArrayLike<number | bigint>[], options: GenerateOptions): Promise<number[][]>
  /** Logits [batch, vocabulary] after one more token for each row; `restart` begins anew. */
  step(tokens: readonly (number | bigint)[]): Promise<NDArray>
  restart(): void
  dispose(): Promise<void>
}

/**
 * A decoder of a language model: a layer from tokens i64 [batch, time] to logits [batch, time, vocabulary] whose parts can be decoded. Caches hold `length` tokens for `batch` rows;
 * what comes out equals running the whole text through the model each time.
 */
export function decoder(
  model: Layer,
  params: Tree<NDArray>,
  runtime: Runtime,
  { batch, length }: { readonly batch: number; readonly length: number },
): Decoder {
  const one = model.decoder({ batch, length })
  const fresh = () => mapTree<unknown, Parameter, NDArray>(one.state, p => draw(p, NO_KEY)) as Tree<NDArray>
  const run = compile<readonly Tree<NDArray>[]>((p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor, position: Tensor) => {
    const [logits, state] = one.apply(p, s, x, { position })
    return { logits, state }
  }, runtime)
  let state = fresh()
  let position = 0
  const self: Decoder = {
    step: async tokens => {
      if (tokens.length !== batch) throw new TensorError(`the decoder has ${batch} rows, got ${tokens.length} tokens`)
      if (position >= length)
        throw new TensorError(`the decoder's caches hold ${length} tokens and are full: make it with a greater length, or restart`)
      const x: NDArray = { dtype: 'i64', shape: [batch, 1], data: BigInt64Array.from(tokens, BigInt) }
      const at: NDArray = { dtype: 'i64', shape: [], data: BigInt64Array.of(BigInt(position)) }
      const out = (await run(params, state, x, at)) as { logits: NDArray; state: Tree<NDArray> }
      state = out.state
      position++
      return { ...out.logits, shape: [batch, out.logits.shape.at(-1)!] }
    },
    restart: () => {
      state = fresh()
      position = 0
    },
    generate: async (prompts, { count, key, ...options }) => {
      const size = prompts[0]?.length ?? 0
      if (prompts.length !== batch || size < 1 || prompts.some(p => p.length !== size))
        throw new TensorError(`generate takes ${batch} prompts of one length, at least one token each`)
      if (size + count - 1 > length)
        throw new TensorError(`generate: ${size} tokens of prompt and ${count} new ones do not fit into ${length}`)
      if (!key && options.temperature !== 0) throw new TensorError('generate draws tokens: give it a key, or the temperature 0')
      self.restart()
      const texts = prompts.map(p => Array.from(p, Number))
      for (let t = 0; t < size - 1; t++) await self.step(texts.map(s => s[t]!))
      for (let t = 0; t < count; t++) {
        const logits = await self.step(texts.map(s => s.at(-1)!))
        const n = logits.shape[1]!
        texts.forEach((s, i) => {
          const row = (logits.data as Float32Array).subarray(i * n, (i + 1) * n)
          s.push(sampleToken(row, (key ?? NO_KEY).fork(i).fork(t), options))
        })
      }
      return texts
    },
    dispose: () => run.dispose(),
  }
  return self
}

/** For what is not random. */
const NO_KEY = Key.fromSeed(0)
