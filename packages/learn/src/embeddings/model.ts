/** A whole model of rows: numbers embedded, categories beside them, a backbone, and as many outputs as asked for. */
import { add, broadcastTo, cast, concat, constant, equal, f32, matmul, nn, reshape, slice, type Tensor } from '@dioramic/tensor'
import { type MlpOptions, mlp, type ResNetOptions, resnet, type TransformerOptions, transformer } from './backbones.ts'
import { type Embedding, type EmbeddingOptions, embedding } from './embedding.ts'
import { EmbeddingError } from './error.ts'

export type Backbone =
  | ({ readonly kind: 'mlp' } & MlpOptions)
  | ({ readonly kind: 'resnet' } & ResNetOptions)
  | ({ readonly kind: 'transformer' } & Omit<TransformerOptions, 'd'>)

export interface RowModelOptions {
  /** Numerical features. */
  readonly numbers: number
  /** Sizes of the categorical ones. */
  readonly categories?: readonly number[]
  readonly outputs: number
  /** A name of the paper: `T-LR`; `none` for plain numbers. */
  readonly embedding: string
  readonly embeddingOptions?: EmbeddingOptions
  readonly backbone: Backbone
}

/**
 * A model of rows x [batch, numbers + categories]: the numbers, then the categories by number (any number that is none of theirs, such as −1, is the zero vector) → [batch, outputs]. MLP and
 * ResNet take embeddings and one-hot categories side by side; the transformer takes each feature as a token.
 */
export function rowModel({ numbers, categories = [], outputs, backbone, ...o }: RowModelOptions): nn.Layer {
  if (numbers + categories.length === 0) throw new EmbeddingError('a model needs at least one feature')
  const embedded = numbers > 0 ? embedding(o.embedding, numbers, o.embeddingOptions) : undefined
  const hot = (x: Tensor, k: number): Tensor => {
    const at = numbers + k
    const column = slice(x, [
      [0, x.shape[0]!],
      [at, at + 1],
    ])
    return cast(equal(column, constant(f32(Array.from({ length: categories[k]! }, (_, i) => i)))), 'f32')
  }
  const head = (x: Tensor) =>
    categories.length === 0
      ? x
      : slice(x, [
          [0, x.shape[0]!],
          [0, numbers],
        ])
  if (backbone.kind === 'transformer') return tokens(embedded, categories, head, hot, outputs, backbone)
  const width = (embedded?.width ?? 0) + categories.reduce((a, b) => a + b, 0)
  const body = backbone.kind === 'mlp' ? mlp(width, outputs, backbone) : resnet(width, outputs, backbone)
  const layers = { embedding: embedded?.layer ?? nn.fn(x => x), body }
  return nn.layer<{ embedding: never; body: never }, { embedding: never; body: never }>({
    parameters: { embedding: layers.embedding.parameters, body: body.parameters },
    state: { embedding: layers.embedding.state, body: body.state },
    apply: (p, s, x, context) => {
      const parts = categories.map((_, k) => hot(x, k))
      if (embedded) {
        const z = layers.embedding.apply(p.embedding, s.embedding, head(x), context.fork(0))[0]
        parts.unshift(reshape(z, [x.shape[0]!, embedded.width]))
      }
      const [y, next] = body.apply(p.body, s.body, parts.length === 1 ? parts[0]! : concat(parts, 1), context.fork(1))
      return [y, { embedding: s.embedding, body: next as never }]
    },
  })
}

interface TokenParameters {
  readonly cls: Tensor
  readonly embedding: never
  readonly categories: readonly { readonly table: Tensor; readonly bias: Tensor }[]
  readonly body: never
}

function tokens(
  embedded: Embedding | undefined,
  categories: readonly number[],
  numbersOf: (x: Tensor) => Tensor,
  hot: (x: Tensor, k: number) => Tensor,
  outputs: number,
  backbone: Omit<TransformerOptions, 'd'>,
): nn.Layer {
  if (embedded && embedded.d === undefined)
    throw new EmbeddingError(`a transformer's tokens are vectors, which the embedding "${embedded.name}" does not make; end it in L or LR`)
  const d = embedded?.d ?? 64
  const free = (shape: readonly number[]) => nn.free(shape, nn.uniform(d ** -0.5), { decay: 0 })
  const body = transformer(outputs, { ...backbone, d })
  return nn.layer<TokenParameters>({
    parameters: {
      cls: free([d]),
      embedding: embedded?.layer.parameters ?? {},
      categories: categories.map(size => ({ table: free([size, d]), bias: free([d]) })),
      body: body.parameters,
    },
    apply: (p, _state, x, context) => {
      const n = x.shape[0]!
      const one = (t: Tensor) => reshape(t, [n, 1, d])
      const parts = [
        broadcastTo(reshape(p.cls, [1, 1, d]), [n, 1, d]),
        ...(embedded ? [embedded.layer.apply(p.embedding, embedded.layer.state as never, numbersOf(x), context.fork(0))[0]] : []),
        ...p.categories.map(({ table, bias }, k) => one(add(matmul(hot(x, k), table), bias))),
      ]
      return body.apply(p.body, body.state as never, concat(parts, 1), context.fork(1))[0]
    },
  })
}
