/** Features of a state as lists of those that are not 0: a table's entry, tiles (Sutton & Barto 2018, 9.5.4), numbers. Tabular methods are linear ones with one feature a state. */

import type { Vector } from './contracts.ts'
import { AgentError } from './error.ts'

export interface Features<S> {
  /** How many there are. */
  readonly count: number
  /** Those that are not 0 in this state. */
  active(state: S): readonly number[]
  /** What one of those is in this state. Absent: 1. */
  amount?(state: S, feature: number): number
  /** About the sum of their squares: step sizes are divided by it. */
  readonly together: number
}

/** w · x over the features of a state; `offset` is where its weights begin. */
export function product<S>(f: Features<S>, state: S, weights: Float64Array, offset = 0): number {
  let sum = 0
  for (const i of f.active(state)) sum += weights[offset + i]! * (f.amount ? f.amount(state, i) : 1)
  return sum
}

/** w ← w + step · x */
export function nudge<S>(f: Features<S>, state: S, step: number, weights: Float64Array, offset = 0): void {
  for (const i of f.active(state)) weights[offset + i]! += step * (f.amount ? f.amount(state, i) : 1)
}

/** One feature a state, for states 0 … count − 1. */
export function oneHot(count: number): Features<number> {
  const lists = Array.from({ length: count }, (_, i) => [i])
  return {
    count,
    together: 1,
    active(state) {
      const list = lists[state]
      if (!list) throw new AgentError(`state ${state} is not one of 0 … ${count - 1}; give the table as many entries as there are states`)
      return list
    },
  }
}

export interface TileOptions {
  readonly low: readonly number[]
  readonly high: readonly number[]
  /** Tiles along each axis. */
  readonly tiles: number | readonly number[]
  /** Grids, each moved by a part of a tile. Default 8. */
  readonly tilings?: number
}

/** Tile coding of a vector: in each of several shifted grids, the tile that holds it. Outside of the bounds the nearest tile. */
export function tileCoding({ low, high, tiles, tilings = 8 }: TileOptions): Features<Vector> {
  const d = low.length
  const per = low.map((_, i) => (typeof tiles === 'number' ? tiles : tiles[i]!))
  // One more tile along each axis makes room for the shift.
  const grid = per.reduce((n, t) => n * (t + 1), 1)
  return {
    count: grid * tilings,
    together: tilings,
    active(state) {
      if (state.length !== d) throw new AgentError(`tile coding of ${d} numbers was given ${state.length}`)
      const out = new Array<number>(tilings)
      for (let k = 0; k < tilings; k++) {
        let index = 0
        for (let i = 0; i < d; i++) {
          const scaled = ((state[i]! - low[i]!) / (high[i]! - low[i]!)) * per[i]!
          // Odd steps (1, 3, 5, …) spread the shifts of the axes evenly (Miller & Glanz 1996).
          const shift = ((k * (2 * i + 1)) % tilings) / tilings
          const cell = Math.floor(Math.min(Math.max(scaled, 0), per[i]!) + shift)
          index = index * (per[i]! + 1) + Math.min(cell, per[i]!)
        }
        out[k] = k * grid + index
      }
      return out
    },
  }
}

/** A table over states of any kind: each new one, told apart by its JSON, gets the next entry. */
export function lookup<S>(capacity: number): Features<S> {
  const known = new Map<string, readonly number[]>()
  return {
    count: capacity,
    together: 1,
    active(state) {
      const name = JSON.stringify(state)
      let entry = known.get(name)
      if (!entry) {
        if (known.size === capacity) throw new AgentError(`more than ${capacity} different states were seen; give lookup() room for more`)
        entry = [known.size]
        known.set(name, entry)
      }
      return entry
    },
  }
}

/** States that are feature vectors themselves, as `encoded` perceives them. `together`: the sum of their squares, about. */
export const vectors = (count: number, together = 1): Features<Vector> => ({
  count,
  together,
  active(state) {
    if (state.length !== count) throw new AgentError(`a state of ${state.length} numbers was given for ${count} features`)
    const out: number[] = []
    for (let i = 0; i < count; i++) if (state[i] !== 0) out.push(i)
    return out
  },
  amount: (state, feature) => state[feature]!,
})

/** The feature vector written out. */
export function dense<S>(features: Features<S>, state: S): Float64Array {
  const x = new Float64Array(features.count)
  nudge(features, state, 1, x)
  return x
}
