import { constant, drawPermutation, expandDims, gather, type Key, nn, ones, reshape, type Tensor, type Tree } from '@dioramic/tensor'
import { capacityOf } from '../capacity.ts'
import { needWhole, SmlpError } from '../error.ts'
import type { Router } from './router.ts'

/** Passes tokens on, i64 [batch, time], and remembers them for the hash routers behind it in the same model. */
export function tokenIds(): nn.Layer {
  const self: nn.Layer = nn.layer<object>({
    parameters: {},
    apply: (_p, _s, x, context) => {
      context.share(self, x as unknown as Tree<Tensor>)
      return x
    },
  })
  return self
}

export interface HashOptions {
  /** The layer `tokenIds()` that stands before the embedding. */
  readonly ids: nn.Layer
  /** The expert of each token of the vocabulary: `randomHash` or `balancedHash`. */
  readonly table: readonly number[]
  /** Room of an expert in training, in even shares. Default 1.25. */
  readonly capacityFactor?: number
}

/** One expert a row, told by its token through a fixed table; nothing is learned and no loss is added (Roller et al. 2021, "Hash layers for large sparse models"). Rows are tokens, so it routes tokens only. */
export const hashRouter = ({ ids, table, capacityFactor = 1.25 }: HashOptions): Router => ({
  name: 'hash',
  choices: () => 1,
  parameters: (_d, experts) => {
    const wrong = table.findIndex(e => !Number.isInteger(e) || e < 0 || e >= experts)
    if (wrong >= 0) throw new SmlpError(`the hash table sends token ${wrong} to expert ${table[wrong]}; there are ${experts}, from 0`)
    return {}
  },
  route: (_params, x, { experts, context }) => {
    const rows = x.shape[0]!
    const tokens = context.borrow(ids, 'the hash router') as Tensor
    if (tokens.size !== rows)
      throw new SmlpError(`the hash router was given ${rows} rows for ${tokens.size} tokens: it routes tokens, not chunks of features`)
    const map = constant({ dtype: 'i64', shape: [table.length], data: BigInt64Array.from(table, BigInt) })
    return {
      expert: expandDims(gather(map, reshape(tokens, [rows])), 0),
      weight: ones([1, rows]),
      capacity: context.train ? capacityOf(rows, experts, { factor: capacityFactor }) : rows,
    }
  },
})

/** A table of random experts, as even as the vocabulary allows: the tokens in random order are dealt out in turn. */
export function randomHash(vocabulary: number, experts: number, key: Key): number[] {
  needWhole('the number of experts', experts)
  const order = drawPermutation(key.words, vocabulary)
  const table = new Array<number>(vocabulary)
  for (let i = 0; i < vocabulary; i++) table[order[i]!] = i % experts
  return table
}

/** A table that evens out how often experts are asked, given how often each token occurs: tokens from the most frequent on go to the expert that has the least so far (Roller et al. 2021, "balanced"). */
export function balancedHash(counts: ArrayLike<number>, experts: number): number[] {
  needWhole('the number of experts', experts)
  const load = new Array<number>(experts).fill(0)
  const table = new Array<number>(counts.length).fill(0)
  const order = Array.from({ length: counts.length }, (_, i) => i).sort((a, b) => counts[b]! - counts[a]! || a - b)
  for (const token of order) {
    const least = load.indexOf(Math.min(...load))
    table[token] = least
    load[least]! += counts[token]!
  }
  return table
}
