/** The recurrent cell: how the states read the tokens of a block and change. */
import { add, concat, nn, relu, type Tensor, type Tree, tanh } from '@dioramic/tensor'
import { attend, scaled } from './attend.ts'
import { positive } from './error.ts'
import { type GateKind, gate } from './gate.ts'
import { inHeads, joinHeads, matrix, projections, unitsAndValues } from './heads.ts'
import { OF_VECTORS } from './rates.ts'
import { scaleOf } from './self-attention.ts'

/**
 * How the states take in what they attended to. `skip`: linear layer and gate. `dual`: the same, then a feed-forward net with a gate of its own. `single`: a feed-forward net (its output
 * through tanh) and one gate.
 */
export type CellForm = 'skip' | 'dual' | 'single'

export interface CellOptions {
  readonly heads: number
  /** Number of state vectors. */
  readonly states: number
  readonly form: CellForm
  readonly gate: GateKind
  /** Hidden size of the feed-forward net; `skip` has none. */
  readonly hidden: nn.Size
}

/** Keys, values and queries of the states: what tokens read, and what they read with. */
export interface ReadStates {
  /** Unit keys, values, scaled queries on the states and on tokens, each [batch, heads, states, size]. */
  readonly keys: Tensor
  readonly values: Tensor
  readonly queries: Tensor
  readonly crossQueries: Tensor
}

/** Keys and values of the tokens that the states read, [batch, heads, tokens, size], and the mask of those that do not exist, [batch, 1, 1, tokens]. */
export interface Tokens {
  readonly keys: Tensor
  readonly values: Tensor
  readonly mask: Tensor
}

type Params = Readonly<Record<string, Tree<Tensor>>>

export interface Cell {
  readonly parameters: Readonly<Record<string, Tree<nn.Parameter>>>
  /** Projections of the states [batch, states, d] before a block. */
  read(p: Params, states: Tensor, context: nn.Context): ReadStates
  /** The states after the block. */
  update(p: Params, states: Tensor, read: ReadStates, tokens: Tokens, context: nn.Context): Tensor
}

const NAMES = ['k', 'q', 'crossQ', 'v']

/**
 * A cell over states of size d (Hutchins et al. 2022, "Block-Recurrent Transformers", in the form of its code). The states are normalised and each gets its own learned vector (`ids`, without
 * which all would stay alike); they attend to themselves and to the tokens, side by side through a linear layer, and gates decide what is kept. No dropout.
 */
export function cell(d: nn.Size, { heads, states, form, gate: kind, hidden }: CellOptions): Cell {
  positive('the number of states', states)
  const wide = nn.times(d, 2)
  const norm = nn.rmsNorm(d)
  const project = projections(d, NAMES)
  const attended = form === 'single' ? undefined : { out: matrix(wide, d), gate: gate(kind, wide, d) }
  const fed =
    form === 'skip'
      ? undefined
      : { norm: nn.rmsNorm(d), up: matrix(form === 'dual' ? d : wide, hidden), down: matrix(hidden, d), gate: gate(kind, hidden, d) }
  return {
    parameters: {
      norm: norm.parameters,
      ids: nn.table(states, d, { init: nn.normal(1), ...OF_VECTORS }),
      project: project.parameters,
      scale: scaleOf(heads),
      crossScale: scaleOf(heads),
      ...(attended && { out: attended.out.parameters, gate: attended.gate.parameters }),
      ...(fed && {
        ...(form === 'dual' && { feedNorm: fed.norm.parameters }),
        up: fed.up.parameters,
        down: fed.down.parameters,
        feedGate: fed.gate.parameters,
      }),
    },
    read: (p, c, context) => {
      const known = add(norm.apply(p['norm']!, {}, c)[0], p['ids'] as Tensor)
      const all = inHeads(project.apply(p['project']!, {}, known, context)[0], NAMES.length, heads)
      const [keys, queries, crossQueries, values] = unitsAndValues(all) as [Tensor, Tensor, Tensor, Tensor]
      return { keys, queries: scaled(queries, p['scale'] as Tensor), crossQueries: scaled(crossQueries, p['crossScale'] as Tensor), values }
    },
    update: (p, c, read, tokens, context) => {
      const through = (layer: nn.Layer, name: string, x: Tensor) => layer.apply(p[name]!, {}, x, context)[0]
      const own = attend(read.queries, read.keys, read.values)
      const cross = attend(read.crossQueries, tokens.keys, tokens.values, tokens.mask)
      const both = joinHeads(concat([own, cross], 1))
      const gates = (name: string) => p[name] as Record<string, Tensor>
      const after = attended ? attended.gate.apply(gates('gate'), c, through(attended.out, 'out', both), both) : c
      if (!fed) return after
      const h = relu(through(fed.up, 'up', form === 'dual' ? through(fed.norm, 'feedNorm', after) : both))
      const z = through(fed.down, 'down', h)
      return fed.gate.apply(gates('feedGate'), after, form === 'single' ? tanh(z) : z, h)
    },
  }
}
