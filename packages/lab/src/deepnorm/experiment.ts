/** The laboratory of DeepNet (Wang et al. 2022, "DeepNet: scaling transformers to 1,000 layers"). */
import type { Experiment } from '../experiment.ts'
import { constants } from './constants.ts'
import { copy } from './copy.ts'
import { depthProbe } from './probe.ts'
import { stepTime } from './step-time.ts'
import { text100, text200, text500, text1000 } from './text.ts'
import { translation } from './translation.ts'
import { update } from './update.ts'

export const deepnorm: Experiment = {
  name: 'deepnorm',
  title: 'DeepNet',
  about:
    'Transformers of up to 1,000 blocks under DeepNorm, post-LN and pre-LN: what is left of the input, what an update does, which learn, and what the depth is worth.',
  code: ['lab/src/deepnorm', 'learn/src/deepnorm', 'tensor/src'],
  parts: [constants, depthProbe, update, copy, text100, text200, text500, text1000, stepTime, translation],
}
