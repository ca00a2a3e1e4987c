import {
  type Architecture,
  countModes,
  fitGan,
  type Loss,
  leastSquares,
  mlp,
  nonSaturating,
  packed,
  pointsOf,
  ring,
  samplerOf,
  trainGan,
  wassersteinGp,
} from '@dioramic/learn/gan'
import { category, scatter } from '@dioramic/learn/report'
import { type Key, numbersOf, optim } from '@dioramic/tensor'
import { engine } from '../agent/engine.ts'
import { exact, mean, meanOf } from '../evidence.ts'
import { part } from '../experiment.ts'
import { ganCode } from './code.ts'

const MODES = ring()
const SAMPLES = 2500

/** What is trained on the ring. */
export interface RingPlayer {
  readonly architecture: Architecture
  readonly loss: Loss
  readonly discriminatorSteps?: number
  readonly rate?: number
}

export type RingRecord = { readonly captured: number; readonly near: number; readonly counts: number[]; readonly points: number[][] }

/** Trains on the ring, two nets of width 128, Adam at 1e-3 with β = (.5, .9), batches of 128, and counts modes in 2,500 samples of the averaged generator. */
export async function onRing(
  { architecture, loss, discriminatorSteps = 1, rate = 1e-3 }: RingPlayer,
  updates: number,
  key: Key,
): Promise<RingRecord> {
  const adam = optim.adam({ lr: rate, betas: [0.5, 0.9] })
  const gan = await trainGan({
    architecture,
    loss,
    discriminatorSteps,
    updates,
    key: key.fork('gan'),
    ...engine,
    rules: { generator: optim.chain(adam, optim.ema(0.99)), discriminator: optim.chain(adam) },
    // A collapse is what is counted here.
    watch: { spread: 0, gradient: 0 },
  })
  await fitGan(gan, {
    batches: { perEpoch: 1e9, at: (_epoch, i) => ({ x: pointsOf(MODES, 128, key.fork('data').fork(i)) }) },
    updates,
    logEvery: updates,
  })
  const sampler = samplerOf(architecture, gan.weights(), engine.runtime)
  const all = numbersOf((await sampler.sample(SAMPLES, key.fork('samples'))).x)
  const { captured, near, counts } = countModes(all, MODES)
  await Promise.all([gan.dispose(), sampler.dispose()])
  const points = Array.from({ length: 300 }, (_, i) => [all[2 * i]!, all[2 * i + 1]!].map(v => Math.round(100 * v) / 100))
  return { captured, near, counts: [...counts], points }
}

/** Samples of several players beside the modes. */
export const ringSheet = (list: readonly { readonly name: string; readonly points: readonly (readonly number[])[] }[]): string =>
  scatter(
    list.map(({ name, points }, i) => ({ title: name, points, colour: category(i) })),
    { reach: 3, marks: MODES.centres },
  )

const shape = [2] as const
const ARMS: Readonly<Record<string, RingPlayer & { readonly share: number }>> = {
  'non-saturating': { architecture: mlp({ shape }), loss: nonSaturating(), share: 1 },
  'least-squares': { architecture: mlp({ shape }), loss: leastSquares(), share: 1 },
  // Five updates of the discriminator for one of the generator.
  'wasserstein-gp': { architecture: mlp({ shape }), loss: wassersteinGp({ weight: 1 }), discriminatorSteps: 5, share: 0.4 },
  packed: { architecture: packed(mlp, 4)({ shape }), loss: nonSaturating(), share: 1 },
}

/** Mode collapse on eight Gaussians in a ring. */
export const ringPart = part({
  name: 'ring',
  about:
    'Eight Gaussians of deviation 0.02 on a circle of radius 2. A mode is captured where at least 20 of 2,500 samples lie within 0.2 of it. Losses whose discriminator says no more than which samples are real lose modes; a Wasserstein distance with a gradient penalty, and a discriminator that sees four samples at once, keep them.',
  arms: Object.keys(ARMS),
  config: quick => ({ seeds: quick ? 2 : 8, updates: quick ? 600 : 4000 }),
  seconds: ({ updates }) => updates / 250,
  code: [...ganCode, 'lab/src/gan/ring.ts'],
  run: ({ arm, config: { updates }, key }) => onRing(ARMS[arm]!, Math.round(ARMS[arm]!.share * updates), key),
  conclude: of => {
    const arms = Object.keys(ARMS)
    const modes = (arm: string) => of(arm).map(r => r.captured)
    const apart = (a: string, b: string) =>
      mean(
        `ring: modes, ${a} less ${b}`,
        modes(a).map((m, i) => m - modes(b)[i]!),
      )
    return {
      claims: [
        ...arms.map(arm => mean(`ring: modes, ${arm}`, modes(arm))),
        ...['wasserstein-gp', 'packed'].flatMap(arm => [
          exact(`ring: fewest modes of any seed, ${arm}`, Math.min(...modes(arm))),
          mean(
            `ring: share within 0.2, ${arm}`,
            of(arm).map(r => r.near),
          ),
          apart(arm, 'non-saturating'),
          apart(arm, 'least-squares'),
        ]),
      ],
      tables: [
        {
          caption: 'Modes captured by each seed, and the share of samples within 0.2 of a mode.',
          head: ['loss', 'modes', 'share within 0.2'],
          rows: arms.map(arm => [arm, modes(arm).join(' '), meanOf(of(arm).map(r => r.near))]),
        },
      ],
      plots: [
        {
          caption: 'Samples of the first seed; crosses are the modes.',
          svg: ringSheet(arms.map(name => ({ name, points: of(name)[0]!.points }))),
        },
      ],
    }
  },
})
