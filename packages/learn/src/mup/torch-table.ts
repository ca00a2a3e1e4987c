/** What muP says of each tensor of a PyTorch model, from the shapes in three files; PyTorch's weights are [out, in, …window]. */
import { MupError } from './error.ts'
import type { Kind } from './kind.ts'
import { requireSameNames } from './names.ts'
import { type Optimizer, scalingOf } from './tables.ts'

/** Shapes by the tensors' names. */
export type Shapes = Readonly<Record<string, readonly number[]>>

export interface TorchRow {
  readonly name: string
  readonly base: readonly number[]
  readonly shape: readonly number[]
  /** `readout or embedding`: [finite, growing], which one has in the same way as the other. */
  readonly kind: Exclude<Kind, 'readout'> | 'readout or embedding'
  /** Deviation of the first values, as a factor on that in the base model. */
  readonly init: number
  /** Factor on the learning rate. */
  readonly lr: number
  /** Factor on a weight decay that acts as lr · decay · w (PyTorch's AdamW and SGD). */
  readonly decay: number
  /** What the outputs are multiplied with, where it reads out. */
  readonly multiplier: number
}

/**
 * Table 8 (what the Python package `mup` does) for every tensor: an axis grows where base and delta model differ. The first axis is taken for the fan-out and the second for the fan-in, which
 * transposed convolutions have the other way round.
 * @throws MupError where the models are not of one architecture, nothing grows, or more than two axes of a tensor do
 */
export function torchTable(base: Shapes, delta: Shapes, target: Shapes, optimizer: Optimizer): readonly TorchRow[] {
  requireSameNames(Object.keys(base), Object.keys(delta), 'the delta model')
  requireSameNames(Object.keys(base), Object.keys(target), 'the target model')
  const rows = Object.entries(base).map(([name, before]): TorchRow => {
    const [other, shape] = [delta[name]!, target[name]!]
    if (other.length !== before.length || shape.length !== before.length)
      throw new MupError(
        `"${name}" is [${before}] in the base, [${other}] in the delta and [${shape}] in the target model: their ranks differ`,
      )
    const grows = before.map((n, axis) => n !== other[axis])
    const fixed = shape.findIndex((n, axis) => !grows[axis] && n !== before[axis])
    if (fixed >= 0)
      throw new MupError(
        `axis ${fixed} of "${name}" is ${shape[fixed]} in the target model and ${before[fixed]} in both others, which makes it finite: give the delta model another ${before[fixed]}, or the target the same`,
      )
    if (grows.filter(Boolean).length > 2)
      throw new MupError(`"${name}" [${shape}] has ${grows.filter(Boolean).length} axes that grow; there is no rule for more than two`)
    const width = (axis: number) => (grows[axis] ? shape[axis]! / before[axis]! : 1)
    const kind = shape.length < 2 ? (grows[0] ? 'input' : 'scalar') : kindOf(grows[0]!, grows[1]!)
    const readout = kind === 'readout'
    const { init, lr, decay, multiplier } = scalingOf({ kind, into: shape.length < 2 ? 1 : width(1), out: width(0) }, 8, optimizer)
    return { name, base: before, shape, kind: readout ? 'readout or embedding' : kind, init, lr, decay, multiplier }
  })
  if (rows.every(r => r.kind === 'scalar'))
    throw new MupError(
      'base and delta model have the same shapes, so nothing grows: the delta is the same architecture with every width changed',
    )
  return rows
}

const kindOf = (out: boolean, into: boolean): Kind => (out && into ? 'hidden' : out ? 'input' : into ? 'readout' : 'scalar')
