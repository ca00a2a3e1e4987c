/** What a parameter is to a parametrisation of width: how many of its axes scale, and on which side. */
import { nn } from '@dioramic/tensor'
import { MupError } from './error.ts'

/**
 * `hidden`: both fans scale (matrix-like). `readout`: the fan-in alone. `input`: the fan-out alone; so are embeddings, positions, biases and gains (all three vector-like). `scalar`: nothing
 * scales.
 */
export type Kind = 'input' | 'hidden' | 'readout' | 'scalar'

export interface Classified {
  readonly kind: Kind
  /** How many times that of the base its fan-in is. */
  readonly into: number
  /** How many times that of the base its fan-out is. */
  readonly out: number
}

const widthOfAll = (sizes: readonly nn.Size[]): number => sizes.reduce<number>((m, d) => m * nn.widthOf(d), 1)
const scales = (d: nn.Size): boolean => typeof d !== 'number'

/** The kind of a declared parameter. @throws MupError where more than two of its axes scale */
export function classify(p: nn.Parameter, path: string): Classified {
  const infinite = p.dims.filter(scales)
  if (infinite.length > 2)
    throw new MupError(
      `"${path}" [${p.dims.map(nn.sizeOf).join(', ')}] has ${infinite.length} axes that scale; there is no rule for more than two. Give those that do not grow with the model as numbers`,
    )
  if (infinite.length === 0) return { kind: 'scalar', into: 1, out: 1 }
  if (p.role !== 'weight') {
    if (infinite.length === 2)
      throw new MupError(
        `both axes of "${path}" [${p.dims.map(nn.sizeOf).join(', ')}], which is no weight, scale: a table has a finite number of rows, a gain or bias one axis. Give the other as a number`,
      )
    return { kind: 'input', into: 1, out: nn.widthOf(infinite[0]!) }
  }
  const [into, out] = [p.fanIn.some(scales), p.fanOut.some(scales)]
  if (!into && !out)
    throw new MupError(`"${path}" has an axis that scales, but its fans do not: declare fanIn and fanOut with the same dims as its axes`)
  const kind = into && out ? 'hidden' : into ? 'readout' : 'input'
  return { kind, into: widthOfAll(p.fanIn), out: widthOfAll(p.fanOut) }
}
