/** What a run of the recipe is, as plain data, and what it found: `language.json`. */
import { z } from 'zod'
import type { TokeniserData } from './tokeniser.ts'

const score = z.object({
  tokens: z.number(),
  natsPerToken: z.number(),
  bitsPerToken: z.number(),
  perplexity: z.number(),
  bitsPerByte: z.number(),
  bitsPerCharacter: z.number(),
})

const tokeniser: z.ZodType<TokeniserData> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('characters'), characters: z.string().min(1) }),
  z.strictObject({ kind: z.literal('bpe'), merges: z.array(z.tuple([z.int(), z.int()])) }),
])

/** All that decides the numbers of a run. */
export const languagePlan = z.strictObject({
  format: z.literal(1),
  text: z.strictObject({
    /** The name or path that was given. */
    from: z.string(),
    licence: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    shares: z.strictObject({ validation: z.number(), test: z.number() }),
  }),
  tokeniser,
  /** Kind and settings rebuild the model. */
  model: z.strictObject({ kind: z.string(), settings: z.record(z.string(), z.unknown()), time: z.int().min(2), batch: z.int().min(1) }),
  recipe: z.strictObject({ updates: z.int().min(1), lr: z.number(), weightDecay: z.number(), seed: z.int() }),
})

export type LanguagePlan = z.infer<typeof languagePlan>

/** What a run found. */
export const languageFindings = z.strictObject({
  parameters: z.int(),
  tokens: z.strictObject({ train: z.int(), validation: z.int(), test: z.int() }),
  /** Nats a token of the validation text. */
  floors: z.strictObject({ uniform: z.number(), unigram: z.number(), bigram: z.number(), trigram: z.number() }),
  validation: score,
  test: score.nullable(),
  seconds: z.number(),
})

export type LanguageFindings = z.infer<typeof languageFindings>

/** What `language.json` holds: findings are there when the run is done. */
export const languageFile = z.strictObject({ plan: languagePlan, findings: languageFindings.optional() })
export type LanguageFile = z.infer<typeof languageFile>
/** The same of a run that is done. */
export type DoneLanguageFile = LanguageFile & { readonly findings: LanguageFindings }
