/** Recurrent layers: one scan a direction. */
import { scan } from '../../control/scan.ts'
import type { Tensor } from '../../graph/tensor.ts'
import * as op from '../../ops/index.ts'
import type { Call, Import } from './call.ts'

interface Cell {
  readonly gates: number
  /** Names of the activations that the formula has. */
  readonly activations: readonly string[]
  /** Whether there is a second state, the cell's. */
  readonly memory: boolean
  /** From x·Wᵀ + Wb [batch, gates·hidden], the states, R [gates·hidden, hidden] and Rb to the new states, output first. */
  step(fromInput: Tensor, states: readonly Tensor[], r: Tensor, rb: Tensor, c: Call): readonly Tensor[]
}

const linear = (x: Tensor, w: Tensor, b: Tensor): Tensor => op.add(op.matmul(x, w, { transB: true }), b)

const CELLS: Readonly<Record<string, Cell>> = {
  RNN: {
    gates: 1,
    activations: ['Tanh'],
    memory: false,
    step: (x, [h], r, rb) => [op.tanh(op.add(x, linear(h!, r, rb)))],
  },
  // Gates in the order input, output, forget, cell.
  LSTM: {
    gates: 4,
    activations: ['Sigmoid', 'Tanh', 'Tanh'],
    memory: true,
    step: (x, [h, m], r, rb) => {
      const [i, o, f, c] = op.split(op.add(x, linear(h!, r, rb)), 4, 1) as [Tensor, Tensor, Tensor, Tensor]
      const memory = op.add(op.mul(op.sigmoid(f), m!), op.mul(op.sigmoid(i), op.tanh(c)))
      return [op.mul(op.sigmoid(o), op.tanh(memory)), memory]
    },
  },
  // Gates in the order update, reset, hidden.
  GRU: {
    gates: 3,
    activations: ['Sigmoid', 'Tanh'],
    memory: false,
    step: (x, [h], r, rb, c) => {
      const n = h!.shape[1]!
      const [xz, xr, xh] = op.split(x, 3, 1) as [Tensor, Tensor, Tensor]
      const [rz, rr, rh] = op.split(r, 3, 0) as [Tensor, Tensor, Tensor]
      const [bz, br, bh] = op.split(rb, [n, n, n], 0) as [Tensor, Tensor, Tensor]
      const z = op.sigmoid(op.add(xz, linear(h!, rz, bz)))
      const reset = op.sigmoid(op.add(xr, linear(h!, rr, br)))
      const hidden =
        c.int('linear_before_reset', 0) === 1
          ? op.tanh(op.add(xh, op.mul(reset, linear(h!, rh, bh))))
          : op.tanh(op.add(xh, linear(op.mul(reset, h!), rh, bh)))
      return [op.add(op.mul(op.sub(1, z), hidden), op.mul(z, h!))]
    },
  },
}

/** X [time, batch, in], W [directions, gates·n, in], R [directions, gates·n, n], B [directions, 2·gates·n] → Y [time, directions, batch, n] and the last states. */
const recurrent =
  (cell: Cell): Import =>
  c => {
    const [x, w, r] = [c.x(0), c.x(1), c.x(2)]
    const n = c.int('hidden_size', r.shape.at(-1)!)
    const direction = c.string('direction', 'forward')
    const directions = direction === 'bidirectional' ? 2 : 1
    if (c.int('layout', 0) !== 0) c.fail('has the batch first (layout 1); export it with layout 0')
    if (c.maybe(4)) c.fail('has lengths of sequences, which are not followed here; pad and mask instead')
    if (c.maybe(7)) c.fail('has peepholes, which this library does not have')
    if (c.attribute('clip', 'float') !== undefined || c.int('input_forget', 0) !== 0)
      c.fail('has clip or input_forget, which this library does not have')
    const wanted = Array.from({ length: directions }, () => cell.activations).flat()
    const activations = c.attribute('activations', 'strings') ?? wanted
    if (activations.join() !== wanted.join()) c.fail(`has the activations ${activations}, only ${cell.activations} are known`)
    const batch = x.shape[1]!
    const states = cell.memory ? 2 : 1
    const runs = Array.from({ length: directions }, (_, d) => {
      const bias = c.maybe(3) ? op.split(op.at(c.x(3), d), 2, 0) : [op.zeros([cell.gates * n]), op.zeros([cell.gates * n])]
      const [wb, rb] = bias as [Tensor, Tensor]
      const rd = op.at(r, d)
      const start = Array.from({ length: states }, (_, s) => {
        const given = c.maybe(5 + s)
        return given ? op.at(given, d) : op.zeros([batch, n])
      })
      return scan(
        (carry: readonly Tensor[], share: Tensor) => {
          const next = cell.step(share, carry, rd, rb, c)
          return [next, next[0]!]
        },
        start,
        linear(x, op.at(w, d), wb),
        { reverse: direction === 'reverse' || d === 1 },
      )
    })
    const y = op.stack(
      runs.map(([, ys]) => ys as Tensor),
      1,
    )
    return [y, ...Array.from({ length: states }, (_, s) => op.stack(runs.map(([last]) => (last as readonly Tensor[])[s]!)))]
  }

export const recurrence: Readonly<Record<string, Import>> = Object.fromEntries(
  Object.entries(CELLS).map(([name, cell]) => [name, recurrent(cell)]),
)
