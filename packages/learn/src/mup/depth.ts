/** Depth: branches of a pre-norm network that count for less where there are more of them. */
import { add, mul, nn } from '@dioramic/tensor'
import type { Optimizer } from './tables.ts'

export interface DepthOptions {
  /** Blocks of this model, and of the base model: at the base the rule is `nn.preNorm`, to the bit. */
  readonly layers: number
  readonly base: number
  readonly optimizer: Optimizer
  /** Branches are multiplied by (layers / base)^−alpha: 1 (default) is CompleteP, ½ is Depth-µP. */
  readonly alpha?: 1 | 0.5
}

/**
 * x + m^−α·dropout(f(norm(x))), m = layers / base, and rates of what is in the branch times m^(α−1) for Adam, m^(2α−1) for SGD, so that together the branches change the stream by as much a step at any
 * depth. α = 1 is CompleteP (Dey et al. 2025, "Don't be lazy", arXiv 2505.01618, table 1), α = ½ Depth-µP (Yang et al. 2023, "Tensor Programs VI", arXiv 2310.02244; branches of one layer).
 * For pre-norm networks only: with post-norm, rates do not transfer over depth (Yang et al. 2022).
 */
export function preNormOfDepth({ layers, base, optimizer, alpha = 1 }: DepthOptions): nn.Residual {
  const m = layers / base
  const root = Math.sqrt(m)
  const factor = alpha === 1 ? 1 / m : 1 / root
  const lr = optimizer === 'sgd' ? (alpha === 1 ? m : 1) : alpha === 1 ? 1 : 1 / root
  const rated = (of: nn.Layer) => nn.parametrise(of, { parameter: p => p.with({ lr: p.lr * lr, decay: p.decay / lr }) })
  const rule = nn.residualRule((x, run) => {
    const branch = run.dropout(run.branch(run.norm(x)))
    return add(x, factor === 1 ? branch : mul(branch, factor))
  })
  return (branch, norm, dropout) => rule(rated(branch), rated(norm), dropout)
}
