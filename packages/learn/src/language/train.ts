/** The recipe: AdamW, warm-up and cosine, gradients clipped, validation by contiguous windows, exact resume. */
import {
  type Batches,
  type FitOptions,
  type FitResult,
  fit,
  type Key,
  nn,
  optim,
  randomWindows,
  type Training,
  type TrainOptions,
  trainStep,
} from '@dioramic/tensor'
import { type LanguageBatch, laneSegments, type ScoredBatch } from './batches.ts'
import type { TokenText } from './corpus.ts'
import { languageLoss } from './loss.ts'
import type { LanguageModel } from './model.ts'
import { type LanguageScore, scoredBatches, scorer, scoreText } from './score.ts'
import type { Tokeniser } from './tokeniser.ts'

/** `nodeRuntime()` and `createArena` of tensor/node, or their like in a browser. */
export type Engine = Pick<TrainOptions, 'runtime' | 'arena'>

/** The recipe's numbers; each has a default. */
export interface RecipeSettings {
  /** Windows of a batch; of a model that carries its state its lanes. Default 16. */
  readonly batch?: number
  /** Highest rate. Default 3e-3. */
  readonly lr?: number
  /** Updates in which the rate rises; then it falls as a cosine to a tenth of it. Default a twentieth of all. */
  readonly warmup?: number
  /** Decoupled, of weights alone. Default 0.1. */
  readonly weightDecay?: number
  /** Global norm to which gradients are clipped. Default 1. */
  readonly clip?: number
  /** Default [0.9, 0.99]. */
  readonly betas?: readonly [number, number]
}

/** The recipe's rule for a model, with the factors on rate and decay that its parameters declare. */
export function recipeRule(model: LanguageModel, updates: number, settings: RecipeSettings = {}): optim.Rule {
  const { lr = 3e-3, warmup = Math.max(1, Math.round(updates / 20)), weightDecay = 0.1, clip = 1, betas = [0.9, 0.99] } = settings
  return optim.chain(
    optim.clipByGlobalNorm(clip),
    optim.adamw({ lr: optim.cosine(lr, updates, { warmup, final: lr / 10 }), betas, weightDecay }),
    optim.scaleUpdates(nn.factorsOf(model.layer)),
    optim.noDecay(),
  )
}

export interface TrainLanguageOptions extends RecipeSettings, Engine, Pick<FitOptions, 'logs' | 'logEvery' | 'checkpoint' | 'signal'> {
  readonly model: LanguageModel
  readonly tokeniser: Pick<Tokeniser, 'bytes' | 'characters'>
  readonly train: TokenText
  /** Scored after each `evaluateEvery` updates (default a tenth of all), on a part of at most 24 batches, and on all of it at the end. */
  readonly validation?: TokenText
  readonly evaluateEvery?: number
  readonly updates: number
  /** Of first values, batches and dropout. */
  readonly key: Key
  /** Replaces the recipe's. */
  readonly rule?: optim.Rule
}

/** The batches that a model learns from: windows at random places, or lanes where it carries a state. */
export const trainingBatches = (model: LanguageModel, text: TokenText, batch: number, key: Key): Batches<LanguageBatch> =>
  model.carried
    ? laneSegments(text, { batch: model.carried.lanes, time: model.time })
    : randomWindows(text.tokens, { batch, time: model.time, key })

/** Batches from all over a text, or the first ones of lanes, whose state goes from batch to batch. */
function someOf(all: Batches<ScoredBatch>, model: LanguageModel): Batches<ScoredBatch> {
  const perEpoch = Math.min(24, all.perEpoch)
  return model.carried ? { perEpoch, at: all.at } : { perEpoch, at: (epoch, i) => all.at(epoch, Math.floor((i * all.perEpoch) / perEpoch)) }
}

export interface TrainedLanguage {
  readonly training: Training
  readonly result: FitResult
  /** Of the validation text, at the end. */
  readonly validation?: LanguageScore
}

/** Trains a language model. The caller disposes of the training. @throws LanguageError for a text that is too short; NonFiniteError where the loss is not finite */
export async function trainLanguage(options: TrainLanguageOptions): Promise<TrainedLanguage> {
  const {
    model,
    tokeniser,
    updates,
    key,
    runtime,
    arena,
    batch = 16,
    validation,
    logEvery = Math.max(1, Math.round(updates / 100)),
  } = options
  const batches = trainingBatches(model, options.train, batch, key.fork('batches'))
  const held = validation && scoredBatches(model, validation, { batch })
  const values = model.layer.init(key.fork('init'))
  const training = await trainStep(languageLoss(model), options.rule ?? recipeRule(model, updates, options), {
    runtime,
    arena,
    ...values,
    key: key.fork('train'),
  })
  const score = held && scorer(model, runtime)
  let last: LanguageScore | undefined
  try {
    const result = await fit(training, {
      batches,
      updates,
      logEvery,
      ...(options.logs ? { logs: options.logs } : {}),
      ...(options.checkpoint ? { checkpoint: options.checkpoint } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
      ...(score && {
        evaluate: {
          every: options.evaluateEvery ?? Math.max(1, Math.round(updates / 10)),
          run: async (t: Training) => {
            const done = t.record().updates >= updates
            const found = await scoreText(score, t, done ? held : someOf(held, model), tokeniser)
            if (done) last = found
            return { bits: found.bitsPerToken, bitsPerByte: found.bitsPerByte }
          },
        },
      }),
    })
    return { training, result, ...(last ? { validation: last } : {}) }
  } catch (e) {
    await training.dispose()
    throw e
  } finally {
    await score?.dispose()
  }
}
