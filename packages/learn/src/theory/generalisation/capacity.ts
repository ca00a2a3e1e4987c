/** Capacity of finite classes, measured: Rademacher complexity by signs, the uniform gap, and the three parts of a risk. */
import type { Key } from '@dioramic/tensor'
import { signs, uniforms } from '../algebra/random.ts'

/** R̂ = E_σ max_h (1/m)Σσ_i·loss_h(i), by `draws` of signs; `losses[h]` are a hypothesis's losses on the samples. */
export function rademacherComplexity(losses: readonly ArrayLike<number>[], draws: number, key: Key): number {
  const m = losses[0]!.length
  let s = 0
  for (let k = 0; k < draws; k++) {
    const sigma = signs(key.fork(k), m)
    s += Math.max(...losses.map(l => sigma.reduce((a, v, i) => a + v * l[i]!, 0))) / (m * draws)
  }
  return s
}

/** A task whose risks are known: x uniform in [0, 1), y = [x > cut], flipped with probability `flip`; hypotheses [x > t] for t on a grid. */
export interface ThresholdTask {
  readonly cut: number
  readonly flip: number
  readonly grid: readonly number[]
}

/** R(t) = flip + (1 − 2·flip)·|t − cut|. */
export const thresholdRisk = ({ cut, flip }: ThresholdTask, t: number): number => flip + (1 - 2 * flip) * Math.abs(t - cut)

/** Losses of every hypothesis on m drawn samples. */
export function thresholdLosses({ cut, flip, grid }: ThresholdTask, m: number, key: Key): Uint8Array[] {
  const x = uniforms(key.fork('x'), m)
  const noise = uniforms(key.fork('noise'), m)
  const y = Uint8Array.from(x, (v, i) => (v > cut !== noise[i]! < flip ? 1 : 0))
  return grid.map(t => Uint8Array.from(x, (v, i) => ((v > t ? 1 : 0) === y[i] ? 0 : 1)))
}

export interface ErrorParts {
  readonly risk: number
  /** R̂(chosen) − min R̂: what the search left. */
  readonly optimisation: number
  /** 2·max |R − R̂|: what the samples hide. */
  readonly generalisation: number
  /** min R: what the class cannot do. */
  readonly approximation: number
  readonly gap: number
}

/** The three parts that bound the risk of the hypothesis at index `chosen`: R ≤ optimisation + generalisation + approximation. */
export function errorParts(task: ThresholdTask, losses: readonly Uint8Array[], chosen: number): ErrorParts {
  const risks = task.grid.map(t => thresholdRisk(task, t))
  const empirical = losses.map(l => l.reduce((s, v) => s + v, 0) / l.length)
  const gap = Math.max(...risks.map((r, i) => Math.abs(r - empirical[i]!)))
  return {
    risk: risks[chosen]!,
    optimisation: empirical[chosen]! - Math.min(...empirical),
    generalisation: 2 * gap,
    approximation: Math.min(...risks),
    gap,
  }
}
