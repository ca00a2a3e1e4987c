/** The laboratory of Block-Recurrent Transformers (Hutchins et al. 2022). */
import type { Experiment } from '../experiment.ts'
import { cost } from './cost.ts'
import { memory } from './memory.ts'
import { recall } from './recall.ts'
import { stream } from './stream.ts'
import { steps, text } from './text.ts'
import { variants } from './variants.ts'

export const blockRecurrent: Experiment = {
  name: 'block-recurrent',
  title: 'Block-Recurrent Transformers',
  about:
    'States that are carried from block to block of a text: what they remember beyond every window, what a long text costs with them, and what they are worth to a language model.',
  code: ['lab/src/block-recurrent', 'learn/src/block-recurrent', 'learn/src/language', 'tensor/src'],
  parts: [recall, cost, stream, memory, steps, text, variants],
}
