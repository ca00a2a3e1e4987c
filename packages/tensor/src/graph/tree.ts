/**
 * Trees: nested plain objects and lists with leaves at the ends. Parameters, states, batches and optimiser states are trees.
 * Keys are visited in the order in which the object has them.
 */
import { TensorError } from '../error.ts'

export type Tree<T> = T | readonly Tree<T>[] | { readonly [key: string]: Tree<T> }

/** `X` with every leaf of type `From` replaced by `To`. */
export type MapTree<X, From, To> = X extends From ? To : X extends object ? { [K in keyof X]: MapTree<X[K], From, To> } : X

const isBranch = (x: unknown): x is object =>
  Array.isArray(x) ||
  (typeof x === 'object' &&
    x !== null &&
    (Object.getPrototypeOf(x) === Object.prototype || Object.getPrototypeOf(x) === null) &&
    !isArrayLeaf(x))

/** An `NDArray` or a `Type` is a plain object too, but a leaf. */
const isArrayLeaf = (x: object): boolean => 'dtype' in x && 'shape' in x

/** Leaves with their paths: `layers/0/w`. */
export function leaves<T>(tree: Tree<T>): [path: string, leaf: T][] {
  const out: [string, T][] = []
  const visit = (x: Tree<T>, path: string): void => {
    if (x === undefined || x === null) return
    if (!isBranch(x)) out.push([path, x as T])
    else for (const [k, v] of Object.entries(x)) visit(v as Tree<T>, path === '' ? k : `${path}/${k}`)
  }
  visit(tree, '')
  return out
}

/** The same tree with `f(leaf, path)` at every leaf. */
export function mapTree<X, From = unknown, To = unknown>(tree: X, f: (leaf: From, path: string) => To): MapTree<X, From, To> {
  const visit = (x: unknown, path: string): unknown => {
    if (x === undefined || x === null) return x
    if (!isBranch(x)) return f(x as From, path)
    if (Array.isArray(x)) return x.map((v, i) => visit(v, path === '' ? `${i}` : `${path}/${i}`))
    return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, visit(v, path === '' ? k : `${path}/${k}`)]))
  }
  return visit(tree, '') as MapTree<X, From, To>
}

/** The leaves in order, and how to put others in their places. */
export function flatten<T>(tree: Tree<T>): { readonly list: T[]; readonly paths: string[]; rebuild<U>(list: readonly U[]): Tree<U> } {
  const found = leaves(tree)
  return {
    list: found.map(([, leaf]) => leaf),
    paths: found.map(([path]) => path),
    rebuild: list => {
      if (list.length !== found.length) throw new TensorError(`a tree of ${found.length} leaves cannot be rebuilt from ${list.length}`)
      let i = 0
      return mapTree(tree, () => list[i++]) as never
    },
  }
}
