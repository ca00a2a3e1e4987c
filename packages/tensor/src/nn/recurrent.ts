/** Recurrent layers over time: one `scan` of a cell. */
import { scan } from '../control/scan.ts'
import type { Tensor } from '../graph/tensor.ts'
import type { Tree } from '../graph/tree.ts'
import { add, matmul, mul, reshape, sigmoid, split, sub, tanh, transpose, zeros } from '../ops/index.ts'
import type { Context } from './context.ts'
import { type Size, sizeOf, times } from './dim.ts'
import { type Layer, layer } from './layer.ts'
import { scaledUse, scaledVector, useOf } from './linear.ts'
import { bias, fanIn, type Init, orthogonal, type Part, statistic, weight } from './parameter.ts'

export interface RecurrentOptions {
  /** Of the input's matrix; by default normal of variance 1 / fan-in. */
  readonly init?: Init
  /** Of the state's matrix, gate by gate; orthogonal by default. */
  readonly recurrentInit?: Init
  /** Read the text from its end. Default false. */
  readonly reverse?: boolean
}

interface Cell {
  readonly gates: readonly string[]
  /** Number of state vectors. */
  readonly states: number
  /** From the input's and the state's shares of all gates to the new states, output first. */
  step(fromInput: Tensor, fromState: Tensor, states: readonly Tensor[]): readonly Tensor[]
}

interface Params {
  readonly input: Tensor
  readonly hidden: Tensor
  readonly inputBias: Tensor
  readonly hiddenBias: Tensor
}

function recurrent(cell: Cell, from: Size, to: Size, { init, recurrentInit = orthogonal(), reverse = false }: RecurrentOptions): Layer {
  const n = sizeOf(to)
  const wide = times(to, cell.gates.length)
  const parts = (start: Init): Part[] => cell.gates.map(name => ({ name, init: start }))
  const parameters = {
    input: weight([from, wide], { parts: parts(init ?? fanIn()), fanOut: [to] }),
    hidden: weight([to, wide], { parts: parts(recurrentInit), fanOut: [to] }),
    inputBias: bias(wide),
    hiddenBias: bias(wide),
  }
  const shareOf = (x: Tensor, w: Tensor, b: Tensor, context: Context, size: Size) =>
    add(scaledUse(matmul(x, w), context, useOf(size, to)), scaledVector(b, context, to))
  const advance = (p: Params, fromInput: Tensor, states: readonly Tensor[], context: Context) =>
    cell.step(fromInput, shareOf(states[0]!, p.hidden, p.hiddenBias, context, to), states)
  return layer<Params>({
    parameters,
    apply: (p, _state, x, context) => {
      const batch = x.shape[0]!
      // The input's share of all steps is one product, over rows that stand step by step already: the result is several times as wide.
      const shares = shareOf(transpose(x, [1, 0, 2]), p.input, p.inputBias, context, from)
      const start = Array.from({ length: cell.states }, () => zeros([batch, n]))
      const [, ys] = scan(
        (states: readonly Tensor[], share: Tensor) => {
          const next = advance(p, share, states, context)
          return [next, next[0]!]
        },
        start,
        shares,
        { reverse },
      )
      return transpose(ys, [1, 0, 2])
    },
    decoder: ({ batch }) =>
      layer<Params, { states: Tree<Tensor> }>({
        parameters,
        state: { states: Array.from({ length: cell.states }, () => statistic([batch, to])) },
        apply: (p, state, x, context) => {
          const shares = reshape(shareOf(x, p.input, p.inputBias, context, from), [batch, -1])
          const next = advance(p, shares, state.states as readonly Tensor[], context)
          return [reshape(next[0]!, [batch, 1, n]), { states: next }]
        },
      }),
  })
}

/**
 * Gated recurrent unit (Cho et al. 2014) in PyTorch's form: x [batch, time, from] → [batch, time, to], starting from zeros. Parameters `input` [from, 3·to] and `hidden` [to, 3·to] with gates
 * in the order reset, update, new; `inputBias`, `hiddenBias`.
 */
export const gru = (from: Size, to: Size, options: RecurrentOptions = {}): Layer =>
  recurrent(
    {
      gates: ['reset', 'update', 'new'],
      states: 1,
      step: (a, b, [h]) => {
        const [ar, az, an] = split(a, 3, -1) as [Tensor, Tensor, Tensor]
        const [br, bz, bn] = split(b, 3, -1) as [Tensor, Tensor, Tensor]
        const z = sigmoid(add(az, bz))
        const fresh = tanh(add(an, mul(sigmoid(add(ar, br)), bn)))
        return [add(fresh, mul(z, sub(h!, fresh)))]
      },
    },
    from,
    to,
    options,
  )

/** Long short-term memory (Hochreiter & Schmidhuber 1997): as `gru`, with the gates input, forget, cell, output. */
export const lstm = (from: Size, to: Size, options: RecurrentOptions = {}): Layer =>
  recurrent(
    {
      gates: ['input', 'forget', 'cell', 'output'],
      states: 2,
      step: (a, b, [, c]) => {
        const [i, f, g, o] = split(add(a, b), 4, -1) as [Tensor, Tensor, Tensor, Tensor]
        const next = add(mul(sigmoid(f), c!), mul(sigmoid(i), tanh(g)))
        return [mul(sigmoid(o), tanh(next)), next]
      },
    },
    from,
    to,
    options,
  )
