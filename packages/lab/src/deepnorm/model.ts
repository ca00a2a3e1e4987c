/** Small deep language models under each residual rule, and how they are trained here. */
import { residualStream, type Scheme, type Stream } from '@dioramic/learn/deepnorm'
import { copied } from '@dioramic/learn/theory'
import {
  type Batches,
  crossEntropy,
  type Key,
  type Loss,
  type NDArray,
  nn,
  optim,
  relu,
  type Tensor,
  type Tree,
  trainStep,
} from '@dioramic/tensor'
import { arena, runtime } from '../theory/engine.ts'

export { arena, runtime }

export const SCHEMES = ['deepnorm', 'post-ln', 'pre-ln'] as const satisfies readonly Scheme[]
export const TITLES = { deepnorm: 'DeepNorm', 'post-ln': 'post-LN', 'pre-ln': 'pre-LN' } as const satisfies Record<Scheme, string>

/** Sizes of a model of tokens. The net's hidden layer is twice as wide as the stream. */
export interface Sizes {
  readonly layers: number
  readonly d: number
  readonly time: number
  readonly vocabulary: number
  /** What trains it; Adam by default. */
  readonly optimizer?: 'sgd' | 'adam'
}

/** A causal block as a scheme has it, at the rates of its depth. */
export const causalBlock = ({ residual, gains, rates }: Stream, d: number, optimizer: 'sgd' | 'adam' = 'adam'): nn.Layer =>
  rates(
    gains(
      nn.block({
        d,
        attention: nn.attention(d, { heads: 2, causal: true }),
        ffn: nn.ffn(d, { hidden: 2 * d, activation: relu }),
        residual,
      }),
    ),
    optimizer,
  )

/** Tokens and positions, a stack of `kept` causal blocks whose rule is that of `layers`, and logits. */
export function deepLm(scheme: Scheme, { layers, d, time, vocabulary, optimizer }: Sizes, kept = layers): nn.Layer {
  const stream = residualStream(scheme, { layers })
  return nn.sequence({
    embedding: nn.embedding(vocabulary, d, { init: nn.normal(1) }),
    positions: nn.learnedPositions(time, d, { init: nn.normal(1) }),
    blocks: nn.repeat(kept, causalBlock(stream, d, optimizer)),
    end: stream.end(d),
    readout: nn.linear(d, vocabulary),
  })
}

export interface Windows<A = NDArray> {
  readonly x: A
  readonly y: A
}

/** The mean cross-entropy of the next token. The models here have nothing random and no state. */
export const lossOf =
  (model: nn.Layer) =>
  (p: Tree<Tensor>, s: Tree<Tensor>, { x, y }: Windows<Tensor>) =>
    crossEntropy(model.apply(p, s, x)[0], y)

/** What every arm of an experiment has alike: Adam at the rates of its depth, a cosine with a tenth of warm-up, clipping at 1; what stands before and behind the blocks learns at `edges`. */
export interface Schedule {
  readonly updates: number
  readonly lr: number
  readonly edges: number
}

export interface Trained {
  /** The loss of each update. */
  readonly losses: readonly number[]
  /** Updates whose gradient was not finite, and was left out. */
  readonly skipped: number
  readonly params: Tree<NDArray>
}

// biome-ignore lint/suspicious/noExplicitAny: a batch is a tree of arrays outside and of tensors inside the loss, as for trainStep.
type AnyLoss = Loss<any>

/** A model trained from its first values. */
export async function trained(
  model: nn.Layer,
  loss: AnyLoss,
  data: Batches<object>,
  { updates, lr, edges }: Schedule,
  key: Key,
): Promise<Trained> {
  const factors = nn.factorsOf(model)
  const rule = optim.chain(
    optim.clipByGlobalNorm(1),
    optim.adam({ lr: optim.cosine(lr, updates, { warmup: Math.ceil(updates / 10) }), betas: [0.9, 0.98] }),
    optim.scaleUpdates(path => (/(^|\/)blocks\//.test(path) ? factors(path) : { lr: edges / lr })),
  )
  const training = await trainStep(loss, rule, {
    runtime,
    arena,
    ...model.init(key.fork('init')),
    key: key.fork('train'),
    onNonFinite: 'skip',
  })
  const losses: number[] = []
  let skipped = 0
  for (let i = 0; i < updates; i++) {
    const step = await training.step((await data.at(Math.floor(i / data.perEpoch), i % data.perEpoch)) as unknown as Tree<NDArray>)
    if (step.skipped) skipped++
    else losses.push(step.loss)
  }
  const params = copied(training.params)
  await training.dispose()
  return { losses, skipped, params }
}

/** Means of `pieces` equal pieces of a run's losses, as points of a curve over updates. */
export function curveOf(losses: readonly number[], pieces: number): (readonly [update: number, loss: number])[] {
  const size = Math.max(1, Math.floor(losses.length / pieces))
  return Array.from({ length: Math.floor(losses.length / size) }, (_, i) => {
    const some = losses.slice(i * size, (i + 1) * size)
    return [(i + 0.5) * size, some.reduce((a, b) => a + b, 0) / some.length] as const
  })
}
