/** Language models: texts, tokenisers, one recipe for every model, and what a model of a text is asked. */
export { type LaneBatch, type LanguageBatch, laneSegments, type ScoredBatch, scoredWindows, type WindowOptions } from './batches.ts'
export { bpeTokeniser, learnMerges, type Merge } from './bpe.ts'
export { characterTokeniser } from './characters.ts'
export { type ChoiceRule, type ChoiceScore, type Choices, type ChooseOptions, choose } from './choice/choose.ts'
export { type ChoiceItem, choiceItems } from './choice/items.ts'
export { CHOICE_SETS, type ChoiceSet, choiceSet, type SetOptions } from './choice/sets.ts'
export { type Corpus, encodeDocuments, firstTokens, type Shares, type Split, splitDocuments, type TokenText } from './corpus.ts'
export { LanguageError } from './error.ts'
export { type Floors, floorsOf } from './floors.ts'
export { enter, languageLoss } from './loss.ts'
export { type LanguageModel, type ModelKind, type ModelShape, modelKind } from './model.ts'
export { languagePage, type Sample } from './page.ts'
export { type DoneLanguageFile, type LanguageFile, type LanguageFindings, type LanguagePlan, languageFile } from './plan.ts'
export {
  type LanguageScore,
  type ModelValues,
  type ScoreOptions,
  type Scorer,
  ScoreSum,
  scoredBatches,
  scorer,
  scoreText,
} from './score.ts'
export type { Tokeniser, TokeniserData } from './tokeniser.ts'
export { tokeniserOf } from './tokenisers.ts'
export {
  type Engine,
  type RecipeSettings,
  recipeRule,
  type TrainedLanguage,
  type TrainLanguageOptions,
  trainingBatches,
  trainLanguage,
} from './train.ts'
export { type TransformerOptions, transformerKind, transformerLm } from './transformer.ts'
export { type WriteOptions, type Writer, writer } from './writer.ts'
