/** Networks by width, under the standard parametrisation, the maximal update one, and one with a broken multiplier; all three are one at the base width. */
import { transformerLm } from '@dioramic/learn/language'
import { mup } from '@dioramic/learn/mup'
import { add, mean, mul, nn, optim, relu, type Tensor, type Tree } from '@dioramic/tensor'
import { TIME, text } from './tasks.ts'

export type Family = 'mlp' | 'transformer' | 'one block' | 'resnet' | 'one branch'
export const PARAMETRISATIONS = ['standard', 'mup', 'broken'] as const
export type Parametrised = (typeof PARAMETRISATIONS)[number]

/** 16 numbers → 2 hidden layers → 8 classes. */
const mlp = (n: nn.Size): nn.Layer =>
  nn.sequence({
    one: nn.linear(16, n, { bias: false, init: nn.kaiming() }),
    bend: nn.fn(relu),
    two: nn.linear(n, n, { bias: false, init: nn.kaiming() }),
    bend2: nn.fn(relu),
    out: nn.linear(n, 8, { bias: false }),
  })

/** A decoder of characters: pre-norm blocks with two heads, which grow; feed-forward nets of twice the width; an untied readout. */
const transformer =
  (layers: number) =>
  (n: nn.Size): nn.Layer =>
    transformerLm({
      vocabulary: text().size,
      d: n,
      layers,
      heads: 2,
      time: TIME,
      hidden: nn.times(n, 2),
      tied: false,
      init: { embedding: nn.normal(1) },
    }).layer

/** Convolutions on 8 × 8 pictures: a stem, residual branches of two convolutions, each behind a norm over all channels; the mean of each channel, ten classes. Logits are multiplied by 4: at one rate the readout and the branches learn about equally fast then. */
const resnet =
  (branches: number) =>
  (n: nn.Size): nn.Layer => {
    const conv = (from: nn.Size, stride = 1) => nn.conv2d(from, n, 3, { padding: 1, stride, bias: false, init: nn.kaiming() })
    const bend = () => nn.sequence(nn.groupNorm(n, 1), nn.fn(relu), conv(n))
    const branch = nn.sequence({ one: bend(), two: bend() })
    const residual = nn.layer<{ branch: Tree<Tensor> }, { branch: Tree<Tensor> }>({
      parameters: { branch: branch.parameters },
      state: { branch: branch.state },
      apply: (p, s, x, context) => {
        const [y, next] = branch.apply(p.branch, s.branch, x, context.fork(0, 'branch'))
        return [add(x, y), { branch: next }]
      },
    })
    return nn.sequence({
      stem: conv(1, 2),
      blocks: nn.repeat(branches, residual),
      bend: nn.fn(relu),
      pool: nn.fn(x => mean(x, [2, 3])),
      out: nn.linear(n, 10),
      loud: nn.fn(x => mul(x, 4)),
    })
  }

const FAMILIES: Readonly<Record<Family, { readonly make: (n: nn.Size) => nn.Layer; readonly base: number }>> = {
  mlp: { make: mlp, base: 64 },
  transformer: { make: transformer(2), base: 32 },
  'one block': { make: transformer(1), base: 32 },
  resnet: { make: resnet(2), base: 16 },
  'one branch': { make: resnet(1), base: 16 },
}
export const baseOf = (family: Family): number => FAMILIES[family].base

/** Constant factors on logits and on attention logits: settings that are tuned as rates are. */
export interface Factors {
  readonly output: number
  readonly attention: number
}

/** The network of a width. Readouts, and queries where there are any, begin at 0. */
export function network(family: Family, width: number, kind: Parametrised, factors?: Factors): nn.Layer {
  const { make, base } = FAMILIES[family]
  const by = mup({ optimizer: 'adam', zeroReadout: true, zeroQuery: true, ...factors })
  if (kind === 'mup') return nn.parametrise(make(nn.dim('width', width, { base })), by)
  // What mup does at the base width: readouts and queries of 0, the factors, and nothing else.
  if (kind === 'standard') return nn.parametrise(make(nn.dim('width', width)), by)
  return nn.parametrise(make(nn.dim('width', width, { base })), {
    ...by,
    multiplier: use => (use.kind === 'readout' ? 1 : by.multiplier!(use)),
  })
}

/** Adam with the factors that a network declares. */
export const adamOf = (lr: number) => (model: nn.Layer) =>
  optim.chain(optim.adam({ lr, betas: [0.9, 0.99], epsilon: 1e-12 }), optim.scaleUpdates(nn.factorsOf(model)))
