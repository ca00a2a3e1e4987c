/** Source that decides the numbers of the parts, from `packages/`. */

const own = (files: readonly string[]) => files.map(f => `lab/src/block-recurrent/${f}.ts`)

/** What models and their training are made of: of the tensor engine all that a number goes through. */
const engine = [
  ...['autodiff', 'control', 'graph', 'kernel', 'onnx/lower', 'ops', 'optim', 'plan', 'random', 'simplify', 'train'].map(
    f => `tensor/src/${f}`,
  ),
  ...['block', 'compose', 'dropout', 'draw', 'embedding', 'layer', 'linear', 'norm', 'parameter', 'residual'].map(
    f => `tensor/src/nn/${f}.ts`,
  ),
]

/** A part of the recurrent models alone. */
export const ofModels = (...files: string[]): string[] => [...own(files), 'learn/src/block-recurrent', ...engine]

/** A part that learns or scores a text by the recipe of all language models. */
export const ofTexts = (...files: string[]): string[] => [
  ...ofModels(...files),
  ...['batches', 'bpe', 'characters', 'corpus', 'loss', 'score', 'train'].map(f => `learn/src/language/${f}.ts`),
]
