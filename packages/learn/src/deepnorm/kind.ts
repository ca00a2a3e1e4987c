import { nn } from '@dioramic/tensor'
import { z } from 'zod'
import { modelKind, transformerLm } from '../language/index.ts'
import { deepnorm } from './stream.ts'

const settings = z.strictObject({
  d: z.int().min(1).default(64),
  layers: z.int().min(1).default(24),
  heads: z.int().min(1).default(4),
  dropout: z.number().min(0).max(0.9).default(0),
})

/** `deepnet`: the transformer of language models with DeepNorm, by its sizes. */
export const deepnetKind = modelKind({
  name: 'deepnet',
  about: 'A decoder-only transformer with DeepNorm, for many layers.',
  settings,
  build: (s: z.infer<typeof settings>, { vocabulary, time }) => {
    const { residual, beta } = deepnorm({ layers: s.layers })
    const [mixes, rest] = [nn.xavier(1), nn.xavier(beta)]
    const init = { attention: { q: mixes, k: mixes, v: rest, out: rest }, ffn: { up: rest, down: rest } }
    return transformerLm({ ...s, vocabulary, time, residual, finalNorm: false, init })
  },
})
