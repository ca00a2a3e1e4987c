/** How well a model predicts a text. */
import { type Batches, compile, crossEntropy, type NDArray, type Runtime, type Tensor, type Tree } from '@dioramic/tensor'
import { type LanguageBatch, laneSegments, type ScoredBatch, scoredWindows } from './batches.ts'
import type { TokenText } from './corpus.ts'
import { enter } from './loss.ts'
import type { LanguageModel } from './model.ts'
import type { Tokeniser } from './tokeniser.ts'

/** Parameters and state of a model: a `Training`, or what was loaded. */
export interface ModelValues {
  readonly params: Tree<NDArray>
  readonly state: Tree<NDArray>
}

/** What a text cost. */
export interface LanguageScore {
  /** Targets that were scored. */
  readonly tokens: number
  readonly natsPerToken: number
  readonly bitsPerToken: number
  /** e to the nats a token. */
  readonly perplexity: number
  /** Over the bytes of UTF-8 that the targets stand for: what models of different tokens are compared by. */
  readonly bitsPerByte: number
  readonly bitsPerCharacter: number
}

/** Sums over targets. */
export class ScoreSum {
  private nats = 0
  private tokens = 0
  private bytes = 0
  private characters = 0
  private readonly of: Pick<Tokeniser, 'bytes' | 'characters'>

  constructor(of: Pick<Tokeniser, 'bytes' | 'characters'>) {
    this.of = of
  }

  add(nats: number, token: number): void {
    this.nats += nats
    this.tokens++
    this.bytes += this.of.bytes[token]!
    this.characters += this.of.characters[token]!
  }

  score(): LanguageScore {
    const { nats, tokens, bytes, characters } = this
    const bits = nats / Math.LN2
    return {
      tokens,
      natsPerToken: nats / tokens,
      bitsPerToken: bits / tokens,
      perplexity: Math.exp(nats / tokens),
      bitsPerByte: bits / bytes,
      bitsPerCharacter: bits / characters,
    }
  }
}

/** A model compiled to tell the cost of each target. */
export interface Scorer {
  /** Nats of each target of a batch, f32 [batch, time], and the state after it. */
  run(values: ModelValues, batch: LanguageBatch): Promise<{ readonly nats: NDArray; readonly state: Tree<NDArray> }>
  dispose(): Promise<void>
}

export function scorer(model: LanguageModel, runtime: Runtime): Scorer {
  const run = compile<readonly Tree<NDArray>[]>((p: Tree<Tensor>, s: Tree<Tensor>, b: Tree<Tensor>) => {
    const batch = b as unknown as LanguageBatch<Tensor>
    const [logits, state] = model.layer.apply(p, enter(model, p, s, batch), batch.x)
    return { nats: crossEntropy(logits, batch.y, { reduction: 'none' }), state } as Tree<Tensor>
  }, runtime)
  return {
    run: async ({ params, state }, { x, y, start }) =>
      (await run(params, state, { x, y, ...(start ? { start } : {}) } as unknown as Tree<NDArray>)) as unknown as {
        nats: NDArray
        state: Tree<NDArray>
      },
    dispose: () => run.dispose(),
  }
}

export interface ScoreOptions {
  readonly batch: number
  /** See `scoredWindows`; of no use to a model that carries its state. */
  readonly stride?: number
}

/** The batches by which a model is scored: contiguous windows, or lanes where it carries a state. */
export const scoredBatches = (model: LanguageModel, text: TokenText, { batch, stride }: ScoreOptions): Batches<ScoredBatch> =>
  model.carried
    ? laneSegments(text, { batch: model.carried.lanes, time: model.time })
    : scoredWindows(text, { batch, time: model.time, from: model.scoredFrom ?? 0, ...(stride === undefined ? {} : { stride }) })

/** A model's cost of a text; `each` is told the nats of every target in turn, with the token. */
export async function scoreText(
  model: Scorer,
  values: ModelValues,
  batches: Batches<ScoredBatch>,
  tokeniser: Pick<Tokeniser, 'bytes' | 'characters'>,
): Promise<LanguageScore> {
  const sum = new ScoreSum(tokeniser)
  let { state } = values
  for (let i = 0; i < batches.perEpoch; i++) {
    const batch = await batches.at(0, i)
    const out = await model.run({ params: values.params, state }, batch)
    if (batch.start) state = out.state
    const [nats, weight, y] = [out.nats.data as Float32Array, batch.weight.data as Float32Array, batch.y.data as BigInt64Array]
    for (let k = 0; k < nats.length; k++) if (weight[k] === 1) sum.add(nats[k]!, Number(y[k]))
  }
  return sum.score()
}
