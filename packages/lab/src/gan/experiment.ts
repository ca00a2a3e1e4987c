/** Generative adversarial nets (Cohen & Giryes 2022, "Generative Adversarial Networks"). */
import type { Experiment } from '../experiment.ts'
import { architecturesPart } from './architectures.ts'
import { augmentationPart } from './augmentation.ts'
import { digitsPart } from './digits.ts'
import { divergencesPart } from './divergences.ts'
import { facesPart } from './faces.ts'
import { lossesPart } from './losses.ts'
import { refinerPart } from './refiner.ts'
import { ringPart } from './ring.ts'
import { sharpnessPart } from './sharpness.ts'

export const gan: Experiment = {
  name: 'gan',
  title: 'Generative adversarial nets',
  about:
    'What the losses and architectures of GANs do on tasks whose truth is known: why gradients vanish, which modes are lost, and what generated digits are worth.',
  code: ['lab/src/gan', 'learn/src/gan', 'learn/src/theory', 'tensor/src'],
  parts: [divergencesPart, ringPart, digitsPart, lossesPart, architecturesPart, refinerPart, augmentationPart, sharpnessPart, facesPart],
}
