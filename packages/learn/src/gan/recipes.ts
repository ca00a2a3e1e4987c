/** Architectures with the losses and rates that they were published with, or that do for small pictures: where to begin. */
import { optim } from '@dioramic/tensor'
import { auxiliaryClassifier } from './architectures/auxiliary-classifier.ts'
import { bidirectional } from './architectures/bidirectional.ts'
import { big } from './architectures/big.ts'
import { boundaryEquilibrium } from './architectures/boundary-equilibrium.ts'
import { dcgan } from './architectures/dcgan.ts'
import { info } from './architectures/info.ts'
import { laplacian } from './architectures/laplacian.ts'
import { mlp } from './architectures/mlp.ts'
import { multiScale } from './architectures/multi-scale.ts'
import type { Build, BuildOptions } from './architectures/options.ts'
import { progressive } from './architectures/progressive.ts'
import { resnet } from './architectures/resnet.ts'
import { selfAttentive } from './architectures/self-attention.ts'
import { semiSupervised } from './architectures/semi-supervised.ts'
import { spectral } from './architectures/spectral.ts'
import { style } from './architectures/style.ts'
import type { Loss } from './contracts.ts'
import { boundary } from './losses/boundary.ts'
import { hinge } from './losses/hinge.ts'
import { nonSaturating } from './losses/non-saturating.ts'
import { wassersteinGp } from './losses/wasserstein.ts'
import { drift } from './penalties/drift.ts'
import { r1 } from './penalties/gradient.ts'
import { penalised } from './penalties/penalised.ts'
import type { GanOptions } from './trainer/gan.ts'

export interface Recipe {
  readonly build: Build
  readonly loss: Loss
  readonly rate: { readonly generator: number; readonly discriminator: number }
  readonly betas: readonly [number, number]
  readonly discriminatorSteps: number
  /** Whether samples need classes: `none` takes none. */
  readonly classes: 'none' | 'optional' | 'needed'
  readonly width: number
  readonly latent: number
}

const base = {
  rate: { generator: 1e-3, discriminator: 1e-3 },
  betas: [0.5, 0.9],
  discriminatorSteps: 1,
  classes: 'none',
  width: 16,
  latent: 16,
} as const
const smooth = penalised(nonSaturating(), { discriminator: [r1({ weight: 1 })] })
const gentle = penalised(nonSaturating(), { discriminator: [r1({ weight: 0.1 })] })
const progressiveLoss = penalised(wassersteinGp(), { discriminator: [drift()] })
const make = <O extends BuildOptions>(build: Build<O>): Build => build as unknown as Build

export const recipes = {
  mlp: { ...base, build: make(mlp), loss: smooth, classes: 'optional', width: 64 },
  'semi-supervised': { ...base, build: make(semiSupervised(mlp)), loss: smooth, classes: 'needed', width: 64 },
  bidirectional: { ...base, build: make(bidirectional), loss: gentle, width: 128, latent: 4 },
  info: { ...base, build: make(info(mlp, { categories: 10 })), loss: smooth, width: 64 },
  'auxiliary-classifier': { ...base, build: make(auxiliaryClassifier(mlp)), loss: smooth, classes: 'needed', width: 64 },
  laplacian: { ...base, build: make(laplacian), loss: nonSaturating(), width: 64 },
  dcgan: { ...base, build: make(dcgan), loss: nonSaturating(), classes: 'optional' },
  'boundary-equilibrium': {
    ...base,
    build: make(boundaryEquilibrium),
    loss: boundary({ balance: 0.9, rate: 0.05 }),
    rate: { generator: 5e-4, discriminator: 5e-4 },
    width: 64,
    latent: 4,
  },
  resnet: { ...base, build: make(spectral(resnet)), loss: hinge, classes: 'optional' },
  progressive: {
    ...base,
    build: make(progressive),
    loss: progressiveLoss,
    betas: [0, 0.99],
    rate: { generator: 3e-3, discriminator: 3e-3 },
  },
  'self-attention': {
    ...base,
    build: make(selfAttentive),
    loss: hinge,
    rate: { generator: 5e-4, discriminator: 2e-3 },
    betas: [0, 0.9],
    classes: 'optional',
  },
  big: { ...base, build: make(big), loss: hinge, rate: { generator: 5e-4, discriminator: 2e-3 }, betas: [0, 0.9], classes: 'optional' },
  'multi-scale': { ...base, build: make(multiScale), loss: penalised(hinge, { discriminator: [r1({ weight: 1 })] }) },
  style: { ...base, build: make(style), loss: smooth, betas: [0, 0.99], rate: { generator: 3e-3, discriminator: 3e-3 } },
} as const satisfies Readonly<Record<string, Recipe>>

export type RecipeName = keyof typeof recipes

/** What `trainGan` takes beside key, engine and updates: a recipe for samples of a shape. `average` is the decay of the generator's moving average. */
export function prepared(
  name: RecipeName,
  options: Pick<BuildOptions, 'shape' | 'classes' | 'width' | 'latent'>,
  { average = 0.99, rate = 1 }: { readonly average?: number; readonly rate?: number } = {},
): Pick<GanOptions, 'architecture' | 'loss' | 'rules' | 'discriminatorSteps'> {
  const r: Recipe = recipes[name]
  const adam = (lr: number) => optim.adam({ lr: lr * rate, betas: r.betas })
  return {
    architecture: r.build({ width: r.width, latent: r.latent, outputs: r.loss.outputs ?? 1, ...options }),
    loss: r.loss,
    rules: { generator: optim.chain(adam(r.rate.generator), optim.ema(average)), discriminator: optim.chain(adam(r.rate.discriminator)) },
    discriminatorSteps: r.discriminatorSteps,
  }
}
