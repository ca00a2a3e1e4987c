/** Models whose costs are known. */
import { add, concat, expandDims, gather, matmul, nn, numbersOf, oneHot, reshape, slice, type Tensor, where } from '@dioramic/tensor'
import type { LanguageModel } from './model.ts'

/** Logits are a table of the last token: its cost of any text is a sum over pairs. */
export const bigramTable = (vocabulary: number, time: number): LanguageModel => ({
  layer: nn.embedding(vocabulary, vocabulary, { init: nn.normal(1) }),
  vocabulary,
  time,
  decodes: true,
})

/** The cost in nats of token b after a, by the table. */
export function pairCost(params: unknown): (a: number, b: number) => number {
  const table = (params as { table: Parameters<typeof numbersOf>[0] }).table
  const n = table.shape[1]!
  const values = numbersOf(table)
  return (a, b) => {
    const row = Array.from(values.slice(a * n, a * n + n))
    return Math.log(row.reduce((s, v) => s + Math.exp(v), 0)) - row[b]!
  }
}

/** Logits are a table of the last token and another of the one before it, which a state carries from segment to segment; the first of a document has none. */
export function trigramState(vocabulary: number, time: number, lanes: number): LanguageModel {
  const layer = nn.layer<{ one: Tensor; two: Tensor }, { last: Tensor }>({
    parameters: { one: nn.free([vocabulary, vocabulary], nn.normal(1)), two: nn.free([vocabulary, vocabulary], nn.normal(1)) },
    state: { last: nn.statistic([lanes, vocabulary]) },
    apply: (p, { last }, x) => {
      const tokens = oneHot(x, vocabulary)
      const before = concat([expandDims(last, 1), slice(tokens, [null, [0, time - 1]])], 1)
      const next = reshape(slice(tokens, [null, [time - 1, time]]), [lanes, vocabulary])
      return [add(gather(p.one, x), matmul(before, p.two)), { last: next }]
    },
  })
  return {
    layer,
    vocabulary,
    time,
    carried: {
      lanes,
      reset: (_p, s, start) => ({ last: where(expandDims(start, 1), 0, (s as { last: Tensor }).last) }),
    },
  }
}
