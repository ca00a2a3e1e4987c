/** The recurrent layer's attention: a window of tokens, and states that are carried from block to block. */
import { concat, greater, nn, reshape, scan, stopGradient, type Tensor, type Tree, where } from '@dioramic/tensor'
import { attend, maskOf, scaled } from './attend.ts'
import { blocksIn, inBlocks, inTime, type Past, pastOf } from './blocks.ts'
import { type CellForm, cell } from './cell.ts'
import { BlockRecurrentError, positive } from './error.ts'
import type { GateKind } from './gate.ts'
import { headSize, inHeads, joinHeads, matrix, projections, unitsAndValues } from './heads.ts'
import { overSegment, overStep, type SelfParams, scaleOf, selfParameters, stepPast } from './self-attention.ts'

export interface RecurrentAttentionOptions {
  /** Texts that go on beside each other; the layer keeps the past of each. */
  readonly batch: number
  readonly heads: number
  /** Tokens that a token sees, and tokens between two changes of the states. */
  readonly window: number
  /** Number of state vectors; by default as many as the window has tokens. */
  readonly states?: number
  /** Default `fixed`: with `skip` the best of the paper. */
  readonly gate?: GateKind
  /** Default `skip`. */
  readonly form?: CellForm
  /** Hidden size of the states' feed-forward net (not of `skip`), 4·d by default. */
  readonly hidden?: nn.Size
}

interface Params extends SelfParams {
  readonly project: Tree<Tensor>
  readonly out: Tree<Tensor>
  readonly crossScale: Tensor
  readonly initial: Tensor
  readonly cell: Readonly<Record<string, Tree<Tensor>>>
}

interface Memory extends Past {
  readonly states: Tensor
}

const NAMES = ['k', 'q', 'crossQ', 'v']

/**
 * The attention of a block-recurrent layer (Hutchins et al. 2022): x [batch, time, d] → the same shape; it takes the place of self-attention in a transformer's block. Each token sees the `window`
 * tokens before it and, through queries of their own, the states, as they were before its block. After each block the states read its tokens and those of the block before, and change through
 * their gates. Gradients go through states, keys and values within a segment, and end at its start. State: keys and values of the last block and the states, so that segments fed one after
 * another are one text; `restart` begins another, from the learned initial states. Linear in time; a decoder needs constant memory.
 *
 * Parameters: `project` (keys, queries, queries on states, values), `out` [2·d, d], `scale`, `crossScale`, `bias`, `initial` [states, d], `cell`.
 *
 * @throws BlockRecurrentError for heads that do not divide, a window or a number of states of 0, a batch, a time or states that do not fit
 */
export function recurrentAttention(d: nn.Size, options: RecurrentAttentionOptions): nn.Layer {
  const { batch, heads, window: w, states: count = w, gate = 'fixed', form = 'skip', hidden = nn.times(d, 4) } = options
  positive('the window', w)
  positive('the batch', batch)
  const size = headSize(d, heads)
  const project = projections(d, NAMES)
  const out = matrix(nn.times(d, 2), d)
  const memory = cell(d, { heads, states: count, form, gate, hidden })
  const parameters = {
    project: project.parameters,
    out: out.parameters,
    ...selfParameters(heads),
    crossScale: scaleOf(heads),
    initial: nn.table(count, d, { init: nn.normal(0.1), decay: 0 }),
    cell: memory.parameters,
  }
  /** The states that a segment begins with: what was carried, or of a new document the learned ones. */
  const begin = (p: Params, { states, seen }: Memory): Tensor => {
    const rows = seen.shape[0]!
    const want = [rows, count, nn.sizeOf(d)]
    if (states.shape.join() !== want.join())
      throw new BlockRecurrentError(
        `the carried states are [${states.shape.join(', ')}], the layer's are [${want.join(', ')}]: take the state of the same model, or begin with init's`,
      )
    return where(reshape(greater(seen, 0), [rows, 1, 1]), stopGradient(states), p.initial)
  }
  return nn.layer<Params, Memory & object>({
    parameters,
    state: { ...pastOf(batch, heads, w, size), states: nn.statistic([batch, count, d]) },
    apply: (p, state, x, context) => {
      blocksIn(x, batch, w, nn.sizeOf(d))
      const all = inBlocks(project.apply(p.project, {}, x, context)[0], NAMES.length, heads, w)
      const [k, q, crossQ, v] = unitsAndValues(all) as [Tensor, Tensor, Tensor, Tensor]
      const { y, keys, values, exists, past } = overSegment(p, { q, k, v }, state, false)
      type Block = { readonly keys: Tensor; readonly values: Tensor; readonly mask: Tensor }
      const [last, read] = scan(
        (states: Tensor, block: Block) => {
          const now = memory.read(p.cell, states, context)
          return [memory.update(p.cell, states, now, block, context), { keys: now.keys, values: now.values }]
        },
        begin(p, state),
        { keys, values, mask: maskOf(exists) },
      )
      // What the tokens of all blocks read, each from the states before its block, is one product.
      const cross = attend(scaled(crossQ, p.crossScale), read.keys, read.values)
      const both = inTime(joinHeads(concat([y, cross], 2)))
      return [out.apply(p.out, {}, both, context)[0], { ...past, states: last }]
    },
    decoder: ({ batch: rows }) =>
      nn.layer<Params, Memory & object>({
        parameters,
        state: { ...stepPast(rows, heads, w, size), states: nn.statistic([rows, count, d]) },
        apply: (p, state, x, context) => {
          const all = inHeads(project.apply(p.project, {}, x, context)[0], NAMES.length, heads)
          const [k, q, crossQ, v] = unitsAndValues(all) as [Tensor, Tensor, Tensor, Tensor]
          const { y, keys, values, exists, filled, past } = overStep(p, { q, k, v }, state)
          const states = begin(p, state)
          const read = memory.read(p.cell, states, context)
          const cross = attend(scaled(crossQ, p.crossScale), read.keys, read.values)
          const next = memory.update(p.cell, states, read, { keys, values, mask: maskOf(exists) }, context)
          const both = joinHeads(concat([y, cross], 1))
          return [out.apply(p.out, {}, both, context)[0], { ...past, states: where(reshape(filled, [rows, 1, 1]), next, states) }]
        },
      }),
  })
}
