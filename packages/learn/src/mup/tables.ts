/**
 * The three equivalent tables of the maximal update parametrisation (Yang et al. 2022, "Tensor Programs V", arXiv 2203.03466: tables 3, 8 and 9), as factors on what a model of the base
 * width has. At the base width every factor is exactly 1.
 */
import type { Classified } from './kind.ts'

/** The paper's numbers: 3 has no multipliers, 8 is what the Python package `mup` does, 9 has one rate for SGD. All three train the same function. */
export type TableName = 3 | 8 | 9
export type Optimizer = 'sgd' | 'adam' | 'adamw'

export interface Scaling {
  /** Factor on the standard deviation of the first values. */
  readonly init: number
  /** Factor on what the parameter is used for. */
  readonly multiplier: number
  /** Factor on the learning rate. */
  readonly lr: number
  /** Factor on a weight decay that acts as lr · decay · w: what is lost a step does not depend on the width. */
  readonly decay: number
}

/** Exponents of a vector-like parameter's width: of its deviation, multiplier, SGD rate, Adam rate. */
const INPUT = { 3: [0, 0, 1, 0], 8: [0, 0, 1, 0], 9: [-0.5, 0.5, 0, -0.5] } as const
const READOUT = { 3: [-1, 0, -1, -1], 8: [0, -1, 1, 0], 9: [-0.5, -0.5, 0, -0.5] } as const

/** What a table says of a parameter. */
export function scalingOf({ kind, into, out }: Classified, table: TableName, optimizer: Optimizer): Scaling {
  const sgd = optimizer === 'sgd'
  if (kind === 'scalar') return { init: 1, multiplier: 1, lr: 1, decay: 1 }
  if (kind === 'hidden') {
    const lr = sgd ? out / into : 1 / into
    return { init: 1 / Math.sqrt(into), multiplier: 1, lr, decay: 1 / lr }
  }
  const m = kind === 'input' ? out : into
  const [init, multiplier, ofSgd, ofAdam] = (kind === 'input' ? INPUT : READOUT)[table]
  const lr = power(m, sgd ? ofSgd : ofAdam)
  return { init: power(m, init), multiplier: power(m, multiplier), lr, decay: 1 / lr }
}

/** m to a half-whole power, without `Math.pow`, whose bits depend on the engine. */
function power(m: number, exponent: number): number {
  if (exponent < 0) return 1 / power(m, -exponent)
  return exponent === 0 ? 1 : exponent === 1 ? m : Math.sqrt(m)
}
