/** Forward mode and second order, made of reverse mode twice. */
import type { Tensor } from '../graph/tensor.ts'
import { flatten, type Tree } from '../graph/tree.ts'
import { alias, cotangentsOf, grad, zerosLike } from './vjp.ts'

/**
 * Value of `f` and its directional derivative along `tangents`. The pullback u ↦ uᵀJ is linear in u, so pulling `tangents` back through it gives J·tangents;
 * what the first pullback computes beside that is dead and is removed when the graph is compiled.
 */
export function jvp<P extends Tree<Tensor>>(f: (p: P) => Tensor, at: P, tangents: P): { readonly value: Tensor; readonly tangent: Tensor } {
  const tree = flatten<Tensor>(at)
  const fresh = tree.list.map(alias)
  const value = f(tree.rebuild(fresh) as P)
  const u = alias(zerosLike(value))
  const pulled = cotangentsOf([value], [u], fresh)
  const along = flatten<Tensor>(tangents).list
  const linear = pulled.flatMap((t, i) => (t ? [{ t, v: along[i]! }] : []))
  const [tangent] = cotangentsOf(
    linear.map(l => l.t),
    linear.map(l => l.v),
    [u],
  )
  return { value, tangent: tangent ?? zerosLike(value) }
}

/** Hessian–vector product of a scalar function: the derivative of its gradient along `vector`. */
export function hvp<P extends Tree<Tensor>>(f: (p: P) => Tensor, at: P, vector: P): P {
  const tree = flatten<Tensor>(at)
  const fresh = tree.list.map(alias)
  const gradients = flatten<Tensor>(grad(f)(tree.rebuild(fresh) as P)).list
  const along = flatten<Tensor>(vector).list
  const out = cotangentsOf(gradients, along, fresh)
  return tree.rebuild(out.map((t, i) => t ?? zerosLike(fresh[i]!))) as P
}
