/** Layers: plain values that declare parameters and say what they do with them. All are pure; what changes comes in and goes out. */
import { TensorError } from '../error.ts'
import type { NDArray } from '../graph/array.ts'
import type { Type } from '../graph/dtype.ts'
import { spec } from '../graph/dtype.ts'
import { Tensor } from '../graph/tensor.ts'
import { trace } from '../graph/trace.ts'
import { flatten, type Tree } from '../graph/tree.ts'
import type { Key } from '../random/key.ts'
import { Context, type ContextOptions, type Multiplier } from './context.ts'
import { draw } from './draw.ts'
import { mapLeaves } from './map.ts'
import type { Parameter } from './parameter.ts'

/** How much a decoder's caches hold. */
export interface DecoderSize {
  readonly batch: number
  /** Tokens, the prompt's included. */
  readonly length: number
}

/** Values of a layer's declarations. */
export interface Values {
  readonly params: Tree<NDArray>
  readonly state: Tree<NDArray>
}

export interface Layer {
  /** Declarations, as a tree; the parameters' values are a tree of the same form. */
  readonly parameters: Tree<Parameter>
  /** Declarations of mutable state: running statistics, caches. */
  readonly state: Tree<Parameter>
  /**
   * First values. The same key gives the same; a parameter's depend on its path in the tree alone. With the type of an input the layer is traced on it once, so that shapes that do not
   * fit are found here.
   */
  init(key: Key, input?: Type): Values
  /** The output and the new state, given the trees of `init` as tensors. */
  apply(params: Tree<Tensor>, state: Tree<Tensor>, x: Tensor, context?: Context | ContextOptions): readonly [Tensor, Tree<Tensor>]
  /** The same layer for one token at a time, with the same parameters: its state holds what it must remember of the tokens before. */
  decoder(size: DecoderSize): Layer
}

/** What makes a layer. `P` and `S` are the trees of parameters and state, as the body sees them. */
export interface LayerParts<P, S> {
  readonly parameters: { readonly [K in keyof P]: Tree<Parameter> }
  readonly state?: { readonly [K in keyof S]: Tree<Parameter> }
  readonly apply: (params: P, state: S, x: Tensor, context: Context) => Tensor | readonly [Tensor, S]
  /** Absent: the layer takes tokens one by one as it is. */
  readonly decoder?: ((size: DecoderSize) => Layer) | undefined
}

/** A layer from its parts. Where nothing but the output is returned, the state stays. */
export function layer<P extends object, S extends object = Record<string, never>>(parts: LayerParts<P, S>): Layer {
  const { parameters, state = {} } = parts
  const self: Layer = {
    parameters: parameters as Tree<Parameter>,
    state: state as Tree<Parameter>,
    init: (key, input) => initialise(self, key, input),
    apply: (p, s, x, context = {}) => {
      const c = context instanceof Context ? context : new Context(context)
      const out = parts.apply(p as P, s as S, x, c)
      const both = out instanceof Tensor ? ([out, s] as const) : (out as readonly [Tensor, Tree<Tensor>])
      c.observe(both[0])
      return both
    },
    decoder: size => parts.decoder?.(size) ?? self,
  }
  return self
}

function initialise(of: Layer, key: Key, input: Type | undefined): Values {
  const values = (tree: Tree<Parameter>, root: Key) =>
    mapLeaves<Parameter, NDArray>(tree, (p, path) => draw(p, path === '' ? root : root.fork(path)))
  if (input) {
    const types = (tree: Tree<Parameter>): Tree<Type> => mapLeaves<Parameter, Type>(tree, p => spec('f32', p.shape))
    trace(
      (p: Tree<Tensor>, s: Tree<Tensor>, x: Tensor, k: Tensor) => {
        const [y, next] = of.apply(p, s, x, { key: k, train: true })
        return [y, next]
      },
      [types(of.parameters), types(of.state), input, spec('i64', [2])],
    )
  }
  return { params: values(of.parameters, key.fork('params')), state: values(of.state, key.fork('state')) }
}

/** How a model is scaled: what becomes of each parameter's declaration, and the factor of each use. */
export interface Parametrisation {
  readonly parameter?: (p: Parameter, path: string) => Parameter
  readonly multiplier?: Multiplier
  /** Throws where a whole layer cannot be scaled so. */
  readonly check?: (of: Layer) => void
}

/** The layer under a parametrisation: its inits, rates and decays are changed where they are declared, its multipliers where they are used. */
export function parametrise(of: Layer, by: Parametrisation): Layer {
  by.check?.(of)
  const change = (tree: Tree<Parameter>): Tree<Parameter> => (by.parameter ? mapLeaves<Parameter, Parameter>(tree, by.parameter) : tree)
  return layer<object, object>({
    parameters: change(of.parameters) as never,
    state: of.state as never,
    apply: (p, s, x, context) =>
      of.apply(p as Tree<Tensor>, s as Tree<Tensor>, x, by.multiplier ? context.withMultiplier(by.multiplier) : context) as never,
    decoder: size => parametrise(of.decoder(size), by),
  })
}

/** Each parameter's factors on rate and decay, by path: what `chain(…, multipliers(model))` takes. */
export function factorsOf(of: Layer): (path: string) => { readonly lr: number; readonly decay: number; readonly stack: number } {
  const { list, paths } = flatten<Parameter>(of.parameters)
  const byPath = new Map(paths.map((path, i) => [path, list[i]!]))
  return path => {
    const p = byPath.get(path)
    if (!p) throw new TensorError(`the model declares no parameter "${path}"; it has ${paths.slice(0, 10).join(', ')}`)
    return { lr: p.lr, decay: p.decay, stack: p.stack.reduce((n, k) => n * k, 1) }
  }
}

/** Number of parameters. */
export const countParameters = (of: Layer): number =>
  flatten<Parameter>(of.parameters).list.reduce((n, p) => n + p.shape.reduce((a, b) => a * b, 1), 0)
