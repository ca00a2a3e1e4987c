/**
 * Rows go to experts through slots: every expert has a fixed number of them, so that shapes do not depend on where rows go. Going there and coming back are gathers by a one-to-one
 * map of which some rows and slots have no part, and the derivative of each is the other's gather: nothing is multiplied by a one-hot matrix, nothing scattered.
 */
import {
  add,
  and,
  argsort,
  broadcastTo,
  cast,
  concat,
  cumsum,
  customGradient,
  div,
  expandDims,
  gather,
  iota,
  less,
  maximum,
  minimum,
  mul,
  oneHot,
  reshape,
  sub,
  sum,
  type Tensor,
  where,
  zeros,
} from '@dioramic/tensor'

export interface Slots {
  readonly experts: number
  /** Slots of each expert. */
  readonly capacity: number
  /** i64 [choices, rows]: the slot of each choice, expert · capacity + place; experts · capacity where it was dropped. */
  readonly slotOf: Tensor
  /** i64 [experts · capacity]: the choice (its place in [choices · rows]) that stands in each slot; choices · rows where it is empty. */
  readonly choiceOf: Tensor
  /** f32 [experts]: choices that came to each expert, those dropped included. */
  readonly asked: Tensor
}

/**
 * Slots for `expert`, i64 [choices, rows] (`experts` for a choice that is void). First come, first served: all first choices in the order of their rows, then all second ones
 * (Lepikhin et al. 2020, algorithm 1).
 */
export function assignSlots(expert: Tensor, experts: number, capacity: number): Slots {
  const count = expert.size
  const flat = reshape(expert, [count])
  const hot = oneHot(flat, experts)
  const place = cast(sum(mul(hot, cumsum(hot, 0, { exclusive: true })), -1), 'i64')
  const stays = and(less(flat, experts), less(place, capacity))
  const slot = where(stays, add(mul(flat, capacity), place), experts * capacity)
  // Sorted by expert the choices of one stand side by side, in the order in which they came.
  const sorted = argsort(flat)
  const asked = sum(hot, 0)
  const amount = expandDims(cast(asked, 'i64'), 1)
  const start = cumsum(amount, 0, { exclusive: true })
  const at = minimum(add(start, iota(capacity)), count - 1)
  const choiceOf = where(less(broadcastTo(iota(capacity), [experts, capacity]), amount), gather(sorted, at), count)
  return { experts, capacity, slotOf: reshape(slot, expert.shape), choiceOf: reshape(choiceOf, [experts * capacity]), asked }
}

/**
 * Rows of x [n, d] by `index` i64 [m]; zeros where it is n. `inverse` i64 [n] says where each row went, m where nowhere: no row goes to two places, so the derivative gathers by it.
 */
const pick: (x: Tensor, index: Tensor, inverse: Tensor) => Tensor = customGradient(
  (x: Tensor, index: Tensor, _inverse: Tensor): Tensor => gather(concat([x, zeros([1, x.shape[1]!])], 0), index),
  ({ inputs: [, index, inverse], cotangents }) => [cotangents[0] && pick(cotangents[0], inverse!, index!), undefined, undefined],
)

/** Rows [n, d] in their slots: [experts, capacity, d], zeros in those that are empty. */
export function toSlots(x: Tensor, { experts, capacity, slotOf, choiceOf }: Slots): Tensor {
  const [choices, rows] = slotOf.shape as [number, number]
  const d = x.shape[1]!
  const each = choices === 1 ? x : reshape(broadcastTo(expandDims(x, 0), [choices, rows, d]), [choices * rows, d])
  return reshape(pick(each, choiceOf, reshape(slotOf, [choices * rows])), [experts, capacity, d])
}

/** What is in the slots, [experts, capacity, d], back at its rows: [choices, n, d], zeros where a choice was dropped. */
export function fromSlots(h: Tensor, { slotOf, choiceOf }: Slots): Tensor {
  const d = h.shape[2]!
  return reshape(pick(reshape(h, [choiceOf.size, d]), reshape(slotOf, [slotOf.size]), choiceOf), [...slotOf.shape, d])
}

/** Of the choices that asked for an expert, the share that found no slot: f32 scalar. */
export function droppedShare({ capacity, asked }: Slots): Tensor {
  return sub(1, div(sum(minimum(asked, capacity)), maximum(sum(asked), 1)))
}

/** f32 [experts], adding up to 1: how the choices are shared out, those that found no slot among them. */
export const loadOf = ({ asked }: Slots): Tensor => div(asked, maximum(sum(asked), 1))

/** Outputs [choices, n, d], each times its weight f32 [choices, n], summed over the choices: [n, d]. */
export const weighted = (outputs: Tensor, weight: Tensor): Tensor => sum(mul(outputs, expandDims(weight, -1)), 0)
