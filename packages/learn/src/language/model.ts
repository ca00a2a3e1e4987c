/** The contract of language models. */
import type { nn, Tensor, Tree } from '@dioramic/tensor'
import type { z } from 'zod'

/** A language model: what the recipe trains, scores and samples, whatever is inside. */
export interface LanguageModel {
  /** From tokens i64 [batch, time] to logits [batch, time, vocabulary]; position t sees tokens up to t. */
  readonly layer: nn.Layer
  readonly vocabulary: number
  /** Tokens of a window (or of a segment, where a state is carried). */
  readonly time: number
  /** First position whose prediction counts; those before only give context. Default 0. */
  readonly scoredFrom?: number
  /** A loss that is added in training, read from the state that the layer returns: a router's balance. */
  readonly auxiliary?: (state: Tree<Tensor>) => Tensor
  /** There where the layer's state is carried from segment to segment. */
  readonly carried?: {
    /** Rows of the state: the layer takes so many segments at once. */
    readonly lanes: number
    /** The state, forgotten in the lanes where `start` (bool [lanes]) is true. */
    readonly reset: (params: Tree<Tensor>, state: Tree<Tensor>, start: Tensor) => Tree<Tensor>
  }
  /** Whether `layer.decoder` writes token by token what `layer` would. Without it each token is a run over the whole window. */
  readonly decodes?: boolean
}

/** What a text asks of a model. */
export interface ModelShape {
  readonly vocabulary: number
  readonly time: number
  /** Rows of a batch: what a state that is carried must have. */
  readonly batch: number
}

/** A way of building models by name and settings: a trained model's file says both. */
export interface ModelKind<S = unknown> {
  readonly name: string
  /** One sentence. */
  readonly about: string
  /** Settings with their defaults; a strict object, so that a wrong name is an error. */
  readonly settings: z.ZodType<S>
  build(settings: S, shape: ModelShape): LanguageModel
}

/** A kind, its settings' type forgotten: what a list of kinds holds. */
export const modelKind = <S>(kind: ModelKind<S>): ModelKind => kind as unknown as ModelKind
