/** f-GAN: the game whose value is a lower bound of an f-divergence (Nowozin et al. 2016). */
import { add, exp, mean, mul, neg, type Operand, softplus, sub, type Tensor } from '@dioramic/tensor'
import type { Loss } from '../contracts.ts'

/** A divergence in terms of the raw score v: T = g(v), and f*(T), each in a form that does not overflow where the value does not. */
export interface Conjugate {
  /** g(v): an output that lies where f* is finite. */
  readonly output: (v: Tensor) => Tensor
  /** f*(g(v)). */
  readonly conjugate: (v: Tensor) => Tensor
  /** f′(1): scores T above it are taken for real. */
  readonly threshold: number
  /** f(u), f(1) = 0. */
  readonly f: (u: number) => number
}

const LN2 = Math.log(2)

export const conjugates = {
  kl: { output: v => v, conjugate: v => exp(sub(v, 1)), threshold: 1, f: u => u * Math.log(u) },
  // −1 − log(e^{−v})
  'reverse-kl': { output: v => neg(exp(neg(v))), conjugate: v => sub(v, 1), threshold: -1, f: u => -Math.log(u) },
  pearson: { output: v => v, conjugate: v => add(mul(mul(v, v), 0.25), v), threshold: 0, f: u => (u - 1) ** 2 },
  // t/(1 − t) with t = 1 − e^{−v}
  hellinger: { output: v => sub(1, exp(neg(v))), conjugate: v => sub(exp(v), 1), threshold: 0, f: u => (Math.sqrt(u) - 1) ** 2 },
  // −log(2 − e^t) with e^t = 2σ(v)
  'jensen-shannon': {
    output: v => sub(LN2, softplus(neg(v))),
    conjugate: v => sub(softplus(v), LN2),
    threshold: 0,
    f: u => u * Math.log(u) - (u + 1) * Math.log((u + 1) / 2),
  },
  // −log(1 − e^t) with e^t = σ(v); f(1) = −2 log 2, as the game's value is not moved to 0
  gan: {
    output: v => neg(softplus(neg(v))),
    conjugate: softplus as (x: Operand) => Tensor,
    threshold: -LN2,
    f: u => u * Math.log(u) - (u + 1) * Math.log(u + 1),
  },
} as const satisfies Readonly<Record<string, Conjugate>>

export type FDivergence = keyof typeof conjugates

/** −T(x) + f*(T(G)), and −f*(T(G)). */
export function fDivergence(of: FDivergence): Loss {
  const { output, conjugate }: Conjugate = conjugates[of]
  return {
    name: `f-gan ${of}`,
    discriminator: ({ onReal, onFake }) => sub(mean(conjugate(onFake.scores)), mean(output(onReal.scores))),
    generator: ({ onFake }) => neg(mean(conjugate(onFake.scores))),
  }
}
