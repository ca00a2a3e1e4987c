/** Nets made of layers. */
import { type Key, type NDArray, nn, type Tensor, type Tree } from '@dioramic/tensor'
import type { Net, Pass } from './contracts.ts'

/** Runs a part of a net by its name. */
type Run<Parts> = (part: keyof Parts & string, x: Tensor) => Tensor

/**
 * A net of named layers: `body` says how an input of any form goes through them. A part may be run more than once (its state then changes each time) or not at all.
 */
export function net<In, Out, Parts extends Readonly<Record<string, nn.Layer>>>(
  parts: Parts,
  body: (run: Run<Parts>, input: In, pass: Pass) => Out,
): Net<In, Out> {
  const names = Object.keys(parts)
  const each = <T>(f: (part: nn.Layer) => T) => Object.fromEntries(names.map(n => [n, f(parts[n]!)]))
  return {
    parameters: each(p => p.parameters),
    state: each(p => p.state),
    apply: (params, state, input, pass) => {
      const values = params as Readonly<Record<string, Tree<Tensor>>>
      const next = { ...(state as Readonly<Record<string, Tree<Tensor>>>) }
      const context = new nn.Context({ key: pass.key, train: pass.train })
      let runs = 0
      const run = (part: string, x: Tensor): Tensor => {
        const [y, s] = parts[part]!.apply(values[part]!, next[part]!, x, context.fork(runs++))
        next[part] = s
        return y
      }
      const out = body(run, input, pass)
      return [out, Object.fromEntries(names.map(n => [n, next[n]!]))]
    },
  }
}

/** First values of a net: each parameter's depend on the key and its path alone. */
export function initialise(of: Net<never, unknown>, key: Key): { readonly params: Tree<NDArray>; readonly state: Tree<NDArray> } {
  return nn.layer<object, object>({ parameters: of.parameters as never, state: of.state as never, apply: (_p, _s, x) => x }).init(key)
}
