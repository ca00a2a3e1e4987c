/** The laboratory of the mathematics of learning (Kutyniok 2022, "The Mathematics of Artificial Intelligence"). */
import type { Experiment } from '../experiment.ts'
import { bounds } from './bounds.ts'
import { closedForms } from './closed-forms.ts'
import { neuralCollapse } from './collapse.ts'
import { doubleDescent } from './double-descent.ts'
import { edgeOfStability } from './edge-of-stability.ts'
import { parametric, poisson } from './equations.ts'
import { explanations } from './explanations.ts'
import { expressivity } from './expressivity.ts'
import { errorSplit, randomFeatures } from './generalisation.ts'
import { deblurring, limits, unrolling } from './inverse-problems.ts'
import { axioms, rateDistortion } from './rate-distortion.ts'
import { tangentKernelPart } from './tangent-kernel.ts'

export const theory: Experiment = {
  name: 'theory',
  title: 'The mathematics of learning',
  about:
    'What networks express, how they learn, why they generalise and what they look at: each quantity computed, each closed form beside it.',
  code: ['lab/src/theory', 'learn/src/theory', 'tensor/src'],
  parts: [
    closedForms,
    expressivity,
    tangentKernelPart,
    edgeOfStability,
    neuralCollapse,
    errorSplit,
    bounds,
    doubleDescent,
    randomFeatures,
    axioms,
    rateDistortion,
    explanations,
    unrolling,
    deblurring,
    limits,
    poisson,
    parametric,
  ],
}
