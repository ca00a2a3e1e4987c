import {
  bidirectional,
  fDivergence,
  hinge,
  leastSquares,
  lossSensitive,
  minimax,
  mlp,
  modeRegularised,
  nonSaturating,
  realness,
  relativistic,
  relativisticAverage,
  spectral,
  sphere,
  unrolled,
  wasserstein,
  wassersteinGp,
} from '@dioramic/learn/gan'
import { part } from '../experiment.ts'
import { ganCode } from './code.ts'
import { onRing, type RingPlayer, ringSheet } from './ring.ts'

const shape = [2] as const
const plain = mlp({ shape })
const many = (loss: { readonly outputs?: number }) => mlp({ shape, outputs: loss.outputs! })
const [ofSphere, ofRealness] = [sphere(), realness()]

/** Every loss on the ring; self-supervision, which turns pictures, is among the architectures. */
const ARMS: Readonly<Record<string, RingPlayer>> = {
  minimax: { architecture: plain, loss: minimax },
  'non-saturating': { architecture: plain, loss: nonSaturating() },
  wasserstein: { architecture: plain, loss: wasserstein({ clip: 0.1 }), discriminatorSteps: 5 },
  'wasserstein-gp': { architecture: plain, loss: wassersteinGp({ weight: 1 }), discriminatorSteps: 5 },
  'least-squares': { architecture: plain, loss: leastSquares() },
  'f-gan-pearson': { architecture: plain, loss: fDivergence('pearson'), rate: 2e-4 },
  'f-gan-jensen-shannon': { architecture: plain, loss: fDivergence('jensen-shannon') },
  unrolled: { architecture: plain, loss: unrolled(nonSaturating()) },
  'loss-sensitive': { architecture: plain, loss: lossSensitive(), discriminatorSteps: 2, rate: 3e-4 },
  'mode-regularised': { architecture: bidirectional({ shape, latent: 2 }), loss: modeRegularised() },
  hinge: { architecture: plain, loss: hinge },
  relativistic: { architecture: plain, loss: relativistic },
  'relativistic-average': { architecture: plain, loss: relativisticAverage },
  spectral: { architecture: spectral(mlp)({ shape }), loss: hinge, discriminatorSteps: 2 },
  realness: { architecture: many(ofRealness), loss: ofRealness },
  sphere: { architecture: many(ofSphere), loss: ofSphere, rate: 3e-4 },
}

/** What each loss makes of the ring. */
export const lossesPart = part({
  name: 'losses',
  about:
    'Every loss on the ring of eight Gaussians, one seed, the same small nets: modes captured, share of samples within 0.2 of a mode, and the samples. No loss was tuned but for its rate; one seed ranks nothing.',
  arms: Object.keys(ARMS),
  config: quick => ({ seeds: 1, updates: quick ? 100 : 1500 }),
  seconds: ({ updates }) => updates / 250,
  code: [...ganCode, 'lab/src/gan/losses.ts', 'lab/src/gan/ring.ts'],
  run: async ({ arm, config: { updates }, key }) => {
    const player = ARMS[arm]!
    try {
      return { ...(await onRing(player, Math.round(updates / Math.sqrt(player.discriminatorSteps ?? 1)), key)), said: '' }
    } catch (e) {
      if ((e as Error).name !== 'DivergedError') throw e
      return { captured: 0, near: 0, counts: [], points: [], said: (e as Error).message }
    }
  },
  conclude: of => {
    const arms = Object.keys(ARMS)
    return {
      tables: [
        {
          caption: 'Coverage of the ring.',
          head: ['loss', 'modes of 8', 'share within 0.2', ''],
          rows: arms.map(arm => [arm, of(arm)[0]!.captured, of(arm)[0]!.near, of(arm)[0]!.said]),
        },
      ],
      plots: [
        { caption: 'Samples by loss; crosses are the modes.', svg: ringSheet(arms.map(name => ({ name, points: of(name)[0]!.points }))) },
      ],
    }
  },
})
