/** What `diorama tune examples/tune.ts` searches: a language model's rate and output multiplier on a width of 32, for a width of 128. */
import { defineTuning, mup } from '@dioramic/learn/mup'
import { crossEntropy, nn, optim, randomWindows, vocabulary } from '@dioramic/tensor'

const text = Array.from({ length: 400 }, (_, i) => `${i} times ${(i * 7) % 12} is ${i * ((i * 7) % 12)}. `).join('')
const characters = vocabulary(text)

const network = (width: number) => {
  const d = nn.dim('d', width, { base: 32 })
  const embedding = nn.embedding(characters.size, d, { init: nn.normal(0.2) })
  const block = nn.block({ d, attention: nn.attention(d, { heads: 2, causal: true }), ffn: nn.ffn(d) })
  return nn.sequence({ embedding, positions: nn.learnedPositions(32, d), block, norm: nn.layerNorm(d), out: embedding.readout() })
}

export default defineTuning({
  proxy: 32,
  target: 128,
  updates: 120,
  space: { lr: [2 ** -8, 2 ** -7, 2 ** -6, 2 ** -5], output: [1, 4] },
  model: (width, { output }) => nn.parametrise(network(width), mup({ optimizer: 'adamw', output })),
  rule: (model, { lr }, updates) =>
    optim.chain(
      optim.adamw({ lr: optim.cosine(lr, updates, { warmup: 10 }), epsilon: 1e-12, weightDecay: 0.01 }),
      optim.scaleUpdates(nn.factorsOf(model)),
    ),
  loss: crossEntropy,
  batches: key => randomWindows(characters.encode(text), { batch: 8, time: 32, key }),
})
