/** What expert layers say of a step beside their output. It is part of the state that a model returns, so a loss may add it and a trainer log it. */
import { add, constant, div, flatten, log, max, maximum, mean, mul, neg, nn, sum, type Tensor, type Tree } from '@dioramic/tensor'
import type { Routing } from './routers/router.ts'
import { droppedShare, loadOf, type Slots } from './slots.ts'

/** One expert layer's figures of one batch. Under `repeat` each has the copies along its first axis. */
export interface ExpertStatistics {
  /** f32 scalar: the router's balance loss, times its coefficient. */
  readonly balance: Tensor
  /** f32 [experts], adding up to 1: the share of the choices that asked for each expert. */
  readonly load: Tensor
  /** f32 scalar: share of the choices that found their expert full. */
  readonly dropped: Tensor
  /** f32 scalar: mean entropy of a row's probabilities in nats; 0 where the router has none. */
  readonly entropy: Tensor
}

/** The declarations of the state `experts` of an expert layer. */
export const statisticsState = (experts: number): Record<keyof ExpertStatistics, nn.Parameter> => ({
  balance: nn.statistic([]),
  load: nn.statistic([experts]),
  dropped: nn.statistic([]),
  entropy: nn.statistic([]),
})

export function statisticsOf({ balance, probabilities }: Routing, slots: Slots): ExpertStatistics {
  return {
    balance: balance ?? constant(0),
    load: loadOf(slots),
    dropped: droppedShare(slots),
    entropy: probabilities ? mean(neg(sum(mul(probabilities, log(maximum(probabilities, 1e-30))), -1))) : constant(0),
  }
}

/** Every leaf `experts/NAME` of a model's state, in the order of its paths. */
function figures(state: Tree<Tensor>, name: keyof ExpertStatistics): Tensor[] {
  const { list, paths } = flatten<Tensor>(state)
  return list.filter((_, i) => paths[i] === `experts/${name}` || paths[i]!.endsWith(`/experts/${name}`))
}

const total = (list: readonly Tensor[]): Tensor => list.map(t => sum(t)).reduce((a, b) => add(a, b), constant(0))

/** The sum of the balance losses of a model, from the state that `apply` returned: f32 scalar to add to the loss; 0 where no router has one. */
export const balanceLoss = (state: Tree<Tensor>): Tensor => total(figures(state, 'balance'))

/**
 * Figures for a trainer's log, over all expert layers of a model: `dropped` (mean share), `entropy` (mean, nats) and `largestLoad` (mean over layers of the busiest expert's share times the number of
 * experts: 1 is even). Scalars; none where the model has no experts.
 */
export function expertMetrics(state: Tree<Tensor>): Record<string, Tensor> {
  const loads = figures(state, 'load')
  if (loads.length === 0) return {}
  const average = (list: readonly Tensor[]) =>
    div(
      total(list),
      list.reduce((n, t) => n + t.size, 0),
    )
  const busiest = loads.map(t => mul(max(t, -1), t.shape.at(-1)!))
  return { dropped: average(figures(state, 'dropped')), entropy: average(figures(state, 'entropy')), largestLoad: average(busiest) }
}
