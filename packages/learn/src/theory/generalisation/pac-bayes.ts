/** PAC-Bayes bounds for networks: a Gaussian posterior around trained parameters, a Gaussian prior around parameters trained on other samples (Dziugaite & Roy 2017; Ambroladze et al. 2007). */
import { compile, type Key, type NDArray, type Runtime, type Tensor, type Tree } from '@dioramic/tensor'
import { normals } from '../algebra/random.ts'
import type { LabelledRows } from '../data/digits.ts'
import { type Differentiable, rowsOf, stacked } from '../models/classifier.ts'
import { fromVector, toVector } from '../models/vector.ts'
import { gaussianKl, klInverse, pacBayes } from './bounds.ts'
import { errorRate } from './calibration.ts'

export interface PacBayesResult {
  /** Deviation of posterior and prior that gave the smallest bound. */
  readonly sigma: number
  readonly kl: number
  /** Mean error of the drawn networks on the samples. */
  readonly posteriorError: number
  /** Bound on the risk of a network drawn from the posterior, by kl's inverse. */
  readonly bound: number
  /** The same by McAllester's form: error + √((KL + ln(2√m/δ))/2m). */
  readonly mcAllester: number
}

export interface PacBayesOptions {
  /** Parameters that the samples had no part in. */
  readonly prior: Tree<NDArray>
  /** Deviations to try; δ is shared among them (union bound). */
  readonly sigmas: readonly number[]
  /** Networks drawn for each. */
  readonly draws: number
  readonly delta: number
  readonly runtime: Runtime
  readonly key: Key
}

/**
 * The bound for N(θ, σ²I) on samples that θ may have been trained on and the prior's centre was not, for the best σ. Half of δ is for the PAC-Bayes theorem, half for
 * the posterior's error, which is measured with finitely many draws (Chernoff: kl(p̂‖p) ≤ ln(2/δ)/n).
 */
export async function pacBayesBound(model: Differentiable, samples: LabelledRows, o: PacBayesOptions): Promise<PacBayesResult> {
  const m = samples.y.length
  const [center, prior] = [toVector(model.params), toVector(o.prior)]
  const squared = center.reduce((s, v, i) => s + (v - prior[i]!) ** 2, 0)
  const x = stacked(samples.x, samples.shape)
  const run = compile<[Tree<NDArray>, NDArray], NDArray>((p: Tree<Tensor>, z: Tensor) => model.apply(p, z), o.runtime)
  const share = o.delta / (2 * o.sigmas.length)
  let best: PacBayesResult | undefined
  for (const [k, sigma] of o.sigmas.entries()) {
    let error = 0
    for (let i = 0; i < o.draws; i++) {
      const noise = normals(o.key.fork(k).fork(i), center.length)
      const drawn = fromVector(
        center.map((v, j) => v + sigma * noise[j]!),
        model.params,
      )
      error += errorRate(rowsOf(await run(drawn, x)), samples.y) / o.draws
    }
    const kl = gaussianKl(center.length, squared, sigma, sigma)
    const upper = klInverse(error, Math.log(2 / share) / o.draws)
    const bound = klInverse(upper, (kl + Math.log((2 * Math.sqrt(m)) / share)) / m)
    const mcAllester = upper + pacBayes(m, kl, share)
    if (!best || bound < best.bound) best = { sigma, kl, posteriorError: error, bound, mcAllester }
  }
  return best!
}
