/** All measures of a generator's samples at once. */
import { frechetDistance } from './frechet.ts'
import { inceptionScore } from './inception-score.ts'
import { accuracy, type Judge } from './judge.ts'
import { kernelDistance } from './kernel-distance.ts'
import { type Manifold, manifold } from './manifold.ts'
import { type Memorisation, memorisation } from './memorisation.ts'
import type { Rows } from './rows.ts'

export type Measures = Manifold &
  Memorisation & {
    /** The net that the features are of: these are proxies of the numbers that are published with an Inception net. */
    readonly judge: string
    readonly frechet: number
    readonly kernel: number
    readonly inception: number
    /** Entropy, in nats, of the classes that the judge sees. */
    readonly classEntropy: number
    /** Share of samples that the judge takes for the class that was asked for, where one was, else null. */
    readonly agreement: number | null
  }

/** Measures samples against real ones that the generator has not seen; `training` is what it was trained on. Features are the judge's, memorisation is measured on the samples themselves. */
export async function measure(
  judge: Judge,
  fake: { readonly x: Rows; readonly labels?: ArrayLike<number> | undefined },
  { training, heldOut }: { readonly training: Rows; readonly heldOut: Rows },
): Promise<Measures> {
  const [ofReal, ofFake] = [await judge.features(heldOut), await judge.features(fake.x)]
  const probabilities = await judge.probabilities(fake.x)
  const counts = new Array<number>(probabilities[0]!.length).fill(0)
  for (const p of probabilities) counts[p.indexOf(Math.max(...p))]!++
  const entropy = counts.reduce((s, c) => s - (c === 0 ? 0 : (c / fake.x.length) * Math.log(c / fake.x.length)), 0)
  return {
    judge: judge.name,
    frechet: frechetDistance(ofReal, ofFake),
    kernel: kernelDistance(ofReal, ofFake),
    inception: inceptionScore(probabilities),
    classEntropy: entropy,
    ...manifold(ofReal, ofFake),
    ...memorisation(fake.x, training, heldOut),
    agreement: fake.labels ? await accuracy(judge, { x: fake.x, y: fake.labels }) : null,
  }
}
