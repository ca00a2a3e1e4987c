/** Layers made of layers. */
import { scan } from '../control/scan.ts'
import { TensorError } from '../error.ts'
import type { Tensor } from '../graph/tensor.ts'
import { flatten, type Tree } from '../graph/tree.ts'
import { iota, reshape, slice, stack } from '../ops/index.ts'
import { fork } from '../random/ops.ts'
import type { Context } from './context.ts'
import { type DecoderSize, type Layer, layer } from './layer.ts'
import { mapLeaves } from './map.ts'
import type { Parameter } from './parameter.ts'

/** A function without parameters as a layer: `fn(gelu)`. */
export const fn = (f: (x: Tensor, context: Context) => Tensor): Layer =>
  layer<object>({ parameters: {}, apply: (_p, _s, x, context) => f(x, context) })

type Record_ = { readonly [name: string]: Layer }

/** One layer after another. A list's parameters are under `0`, `1` …, a record's under its names, applied in their order. */
export function sequence(layers: Record_): Layer
export function sequence(...layers: readonly Layer[]): Layer
export function sequence(...args: readonly [Record_] | readonly Layer[]): Layer {
  const first = args[0]
  const named = args.length === 1 && first !== undefined && typeof (first as Layer).apply !== 'function'
  const parts: Record_ = named ? (first as Record_) : Object.fromEntries((args as readonly Layer[]).map((l, i) => [i, l]))
  const names = Object.keys(parts)
  return layer<Record<string, Tree<Tensor>>, Record<string, Tree<Tensor>>>({
    parameters: Object.fromEntries(names.map(n => [n, parts[n]!.parameters])),
    state: Object.fromEntries(names.map(n => [n, parts[n]!.state])),
    apply: (params, state, x, context) => {
      const next: Record<string, Tree<Tensor>> = {}
      let y = x
      names.forEach((n, i) => {
        const [out, s] = parts[n]!.apply(params[n]!, state[n]!, y, context.fork(i, n))
        y = out
        next[n] = s
      })
      return [y, next]
    },
    decoder: size => sequence(Object.fromEntries(names.map(n => [n, parts[n]!.decoder(size)]))),
  })
}

/** `count` copies of a block, one after another, each with its own parameters: one `scan` over stacked parameters, traced once whatever the depth. The block keeps its input's shape. */
export function repeat(count: number, block: Layer): Layer {
  if (!Number.isInteger(count) || count < 1) throw new TensorError(`repeat: ${count} copies; it needs a whole number from 1`)
  const stacked = (tree: Tree<Parameter>): Tree<Parameter> =>
    mapLeaves<Parameter, Parameter>(tree, p => p.with({ stack: [count, ...p.stack] }))
  // The same as the scan, copy by copy, for those who want to see each copy's values.
  const each = (params: Tree<Tensor>, state: Tree<Tensor>, x: Tensor, context: Context): readonly [Tensor, object] => {
    const copy = (tree: Tree<Tensor>, i: number) => mapLeaves<Tensor, Tensor>(tree, t => reshape(slice(t, [[i, i + 1]]), t.shape.slice(1)))
    let y = x
    const states = Array.from({ length: count }, (_, i) => {
      const [out, next] = block.apply(copy(params, i), copy(state, i), y, context.fork(i))
      y = out
      return flatten<Tensor>(next)
    })
    return [y, states[0]!.rebuild(states[0]!.list.map((_, k) => stack(states.map(s => s.list[k]!)))) as object]
  }
  return layer<object, object>({
    parameters: stacked(block.parameters) as never,
    state: stacked(block.state) as never,
    apply: (params, state, x, context) => {
      if (context.observed) return each(params as Tree<Tensor>, state as Tree<Tensor>, x, context)
      const random = context.maybeKey
      const body = (h: Tensor, slice: { params: Tree<Tensor>; state: Tree<Tensor>; index: readonly Tensor[] }) => {
        const key = random && slice.index[0] ? fork(random, slice.index[0]) : undefined
        return block.apply(slice.params, slice.state, h, context.withKey(key))
      }
      const [y, next] = scan<Tensor, never, Tree<Tensor>>(
        body as never,
        x,
        { params, state, index: random ? [iota(count)] : [] } as never,
        { length: count },
      )
      return [y, next as object]
    },
    decoder: size => repeat(count, block.decoder(size)),
  })
}

/** How a branch joins the stream that it leaves: from the branch, a norm and the dropout on the branch's output, the layer that does it. */
export type Residual = (branch: Layer, norm: Layer, dropout: Layer) => Layer

function joined(
  parts: { readonly branch: Layer; readonly norm: Layer; readonly dropout: Layer },
  f: (x: Tensor, run: { [K in 'branch' | 'norm' | 'dropout']: (x: Tensor) => Tensor }) => Tensor,
): Layer {
  const names = ['norm', 'branch', 'dropout'] as const
  return layer<Record<string, Tree<Tensor>>, Record<string, Tree<Tensor>>>({
    parameters: Object.fromEntries(names.map(n => [n, parts[n].parameters])),
    state: Object.fromEntries(names.map(n => [n, parts[n].state])),
    apply: (params, state, x, context) => {
      const next: Record<string, Tree<Tensor>> = {}
      const run = (n: (typeof names)[number]) => (input: Tensor) => {
        const [y, s] = parts[n].apply(params[n]!, state[n]!, input, context.fork(names.indexOf(n), n))
        next[n] = s
        return y
      }
      const y = f(x, { norm: run('norm'), branch: run('branch'), dropout: run('dropout') })
      return [y, Object.fromEntries(names.map(n => [n, next[n]!]))]
    },
    decoder: (size: DecoderSize) =>
      joined({ norm: parts.norm.decoder(size), branch: parts.branch.decoder(size), dropout: parts.dropout.decoder(size) }, f),
  })
}

/** A residual rule of your own: `f` gets the stream and how to run norm, branch and dropout (each once) and returns the new stream. */
export const residualRule =
  (f: (x: Tensor, run: { [K in 'branch' | 'norm' | 'dropout']: (x: Tensor) => Tensor }) => Tensor): Residual =>
  (branch, norm, dropout) =>
    joined({ branch, norm, dropout }, f)
