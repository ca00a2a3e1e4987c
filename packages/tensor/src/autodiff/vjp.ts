/** Reverse-mode differentiation: a graph in, the graph of its derivative out. What comes out is an ordinary graph and differentiates again. */
import { TensorError } from '../error.ts'
import { sameShape } from '../graph/shape.ts'
import { apply, atPlace, type Node, type Op, type Tensor } from '../graph/tensor.ts'
import { flatten, type Tree } from '../graph/tree.ts'
import { reachable } from '../graph/visit.ts'
import { constant } from '../ops/constant.ts'
import { add } from '../ops/elementwise.ts'
import { broadcastTo } from '../ops/shape.ts'

/** The same value under another name: differentiation by an argument must not see other uses of the tensor that was passed. */
const aliasOp: Op = { name: 'alias', infer: ([x]) => [x!], vjp: ({ cotangents }) => [cotangents[0]] }
export const alias = (x: Tensor): Tensor => apply(aliasOp, [x], {})[0]!

export const zerosLike = (x: Tensor): Tensor => broadcastTo(constant(0, x.dtype), x.shape)

/**
 * Cotangents of `wrt` given those of `outputs`; undefined where no f32 path leads. Contributions are added in the order of the nodes, newest first.
 */
export function cotangentsOf(
  outputs: readonly Tensor[],
  cotangents: readonly (Tensor | undefined)[],
  wrt: readonly Tensor[],
): (Tensor | undefined)[] {
  const targets = new Set(wrt)
  const nodes = reachable(outputs)
  const active = new Set<Node>()
  for (const node of nodes) {
    const passes = node.op.vjp !== null && node.inputs.some(t => active.has(t.node) && t.dtype === 'f32')
    if (passes || node.outputs.some(t => targets.has(t))) active.add(node)
  }
  const found = new Map<Tensor, Tensor>()
  const give = (to: Tensor, g: Tensor): void => {
    const before = found.get(to)
    found.set(to, before ? add(before, g) : g)
  }
  outputs.forEach((y, i) => {
    const g = cotangents[i]
    if (!g) return
    if (!sameShape(g.shape, y.shape))
      throw new TensorError(`a cotangent has shape [${g.shape.join(',')}], its output [${y.shape.join(',')}]`)
    if (y.dtype === 'f32') give(y, g)
  })
  for (const node of nodes.reverse()) {
    if (!active.has(node) || node.op.vjp === null || node.inputs.length === 0) continue
    const gs = node.outputs.map(t => found.get(t))
    if (gs.every(g => g === undefined)) continue
    const needs = node.inputs.map(t => t.dtype === 'f32' && active.has(t.node))
    if (!needs.some(Boolean)) continue
    const { vjp } = node.op
    const into = atPlace(node.place, () => vjp({ inputs: node.inputs, outputs: node.outputs, attrs: node.attrs, cotangents: gs, needs }))
    node.inputs.forEach((x, i) => {
      const g = into[i]
      if (needs[i] && g) give(x, g)
    })
  }
  return wrt.map(t => found.get(t))
}

/** The value of `f` at a tree of tensors, and the function that pulls a cotangent of the (one) output back to the tree. */
export function vjp<P extends Tree<Tensor>>(f: (p: P) => Tensor, at: P): { readonly value: Tensor; pull(cotangent: Tensor): P } {
  const tree = flatten<Tensor>(at)
  const fresh = tree.list.map(alias)
  const value = f(tree.rebuild(fresh) as P)
  return {
    value,
    pull: g => tree.rebuild(cotangentsOf([value], [g], fresh).map((t, i) => t ?? zerosLike(fresh[i]!))) as P,
  }
}

/** What `grad` and `valueAndGrad` differentiate: the first argument is a tree of f32 tensors, the result a scalar. */
type Loss<P, R extends readonly unknown[]> = (params: P, ...rest: R) => Tensor
type LossAndMore<P, R extends readonly unknown[], M> = (params: P, ...rest: R) => readonly [Tensor, M]

function scalar(loss: Tensor): Tensor {
  if (loss.rank !== 0 || loss.dtype !== 'f32')
    throw new TensorError(`grad needs an f32 scalar loss, got ${loss.dtype}[${loss.shape.join(',')}]; take its mean or sum`)
  return loss
}

/** (value, gradient by the first argument). Leaves that are not f32 get zeros of their type. */
export function valueAndGrad<P extends Tree<Tensor>, R extends readonly unknown[]>(
  f: Loss<P, R>,
): (params: P, ...rest: R) => readonly [Tensor, P] {
  return (params, ...rest) => {
    const { value, pull } = vjp(p => scalar(f(p, ...rest)), params)
    return [value, pull(constant(1))]
  }
}

/** As `valueAndGrad`, of a function that returns more beside its loss (new state, metrics): ((value, more), gradient). */
export function valueAndGradWith<P extends Tree<Tensor>, R extends readonly unknown[], M>(
  f: LossAndMore<P, R, M>,
): (params: P, ...rest: R) => readonly [Tensor, M, P] {
  return (params, ...rest) => {
    let more: M | undefined
    const { value, pull } = vjp(p => {
      const [loss, m] = f(p, ...rest)
      more = m
      return scalar(loss)
    }, params)
    return [value, more as M, pull(constant(1))]
  }
}

/** The gradient of a scalar function by its first argument. */
export function grad<P extends Tree<Tensor>, R extends readonly unknown[]>(f: Loss<P, R>): (params: P, ...rest: R) => P {
  const both = valueAndGrad(f)
  return (params, ...rest) => both(params, ...rest)[1]
}
