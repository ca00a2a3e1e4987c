/** The recurrent cell: how the states read the tokens of a block and change. */
import { add, concat, nn, relu, type Tensor, type Tree, tanh } from '@dioramic/tensor'
import { attend, unit } from './attend.ts'
import { positive } from './error.ts'
import { type GateKind, gate } from './gate.ts'
import { inHeads, joinHeads, matrix, projections } from './heads.ts'
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
  /** Unit keys, values, unit queries on the states and on tokens, each [batch, heads, states, size]. */
  readonly keys: Tensor
  readonly values: Tensor
  readonly queries: Tensor
  readonly crossQueries: Tensor
}

/** Keys and values of the tokens that the states read, [batch, heads, tokens, size], and which exist, bool [batch, 1, 1, tokens]. */
export interface Tokens {
  readonly keys: Tensor
  readonly values: Tensor
  readonly exists: Tensor
}

type Params = Readonly<Record<string, Tree<Tensor>>>

export interface Cell {
  readonly parameters: Readonly<Record<string, Tree<nn.Parameter>>>
  /** Projections of the states [batch, states, d] before a block. */
  read(p: Params, states: Tensor, context: nn.Context): ReadStates
  /** The states after the block. */
  update(p: Params, states: Tensor, read: ReadStates, tokens: Tokens, context: nn.Context): Tensor
}

const NAMES = ['k', 'v', 'q', 'crossQ']

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
      ids: nn.table(states, d, { init: nn.normal(1) }),
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
      const [keys, values, queries, crossQueries] = inHeads(project.apply(p['project']!, {}, known, context)[0], NAMES.length, heads) as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ]
      return { keys: unit(keys), values, queries: unit(queries), crossQueries: unit(crossQueries) }
    },
    update: (p, c, read, tokens, context) => {
      const through = (layer: nn.Layer, name: string, x: Tensor) => layer.apply(p[name]!, {}, x, context)[0]
      const own = attend(read.queries, read.keys, read.values, p['scale'] as Tensor)
      const cross = attend(read.crossQueries, tokens.keys, tokens.values, p['crossScale'] as Tensor, { seen: tokens.exists })
      const both = concat([joinHeads(own), joinHeads(cross)], -1)
      const gates = (name: string) => p[name] as Record<string, Tensor>
      const after = attended ? attended.gate.apply(gates('gate'), c, through(attended.out, 'out', both), both) : c
      if (!fed) return after
      const h = relu(through(fed.up, 'up', form === 'dual' ? through(fed.norm, 'feedNorm', after) : both))
      const z = through(fed.down, 'down', h)
      return fed.gate.apply(gates('feedGate'), after, form === 'single' ? tanh(z) : z, h)
    },
  }
}
