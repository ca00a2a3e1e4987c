/** The loss of language models. */
import { add, crossEntropy, div, type Loss, slice, stopGradient, type Tensor, type Tree } from '@dioramic/tensor'
import type { LanguageBatch } from './batches.ts'
import { LanguageError } from './error.ts'
import type { LanguageModel } from './model.ts'

/** The state that a batch begins with: where a document starts, forgotten. */
export function enter(
  model: LanguageModel,
  params: Tree<Tensor>,
  state: Tree<Tensor>,
  { start }: Pick<LanguageBatch<Tensor>, 'start'>,
): Tree<Tensor> {
  if (!model.carried) return state
  if (!start) throw new LanguageError('this model carries a state from segment to segment: it takes batches of laneSegments')
  return model.carried.reset(params, state, start)
}

/** Mean cross-entropy of the next token in nats, with the model's auxiliary loss; metric `bits` a token is without it. */
export const languageLoss =
  (model: LanguageModel): Loss<LanguageBatch<Tensor>> =>
  (params, state, batch, key) => {
    const [logits, next] = model.layer.apply(params, enter(model, params, state, batch), batch.x, { key, train: true })
    const from = model.scoredFrom ?? 0
    const part = (x: Tensor) =>
      from === 0
        ? x
        : slice(x, [
            [0, x.shape[0]!],
            [from, x.shape[1]!],
          ])
    const nats = crossEntropy(part(logits), part(batch.y), batch.weight ? { weights: part(batch.weight) } : {})
    const loss = model.auxiliary ? add(nats, model.auxiliary(next)) : nats
    return [loss, next, { bits: div(stopGradient(nats), Math.LN2) }]
  }
