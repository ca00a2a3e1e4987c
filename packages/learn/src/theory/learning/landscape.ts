/** Slices of the loss through a trained model along random directions with the scale of its filters (Li et al. 2018). */
import { f32, flatten, type Key, type NDArray, type Tree } from '@dioramic/tensor'
import { normals } from '../algebra/random.ts'

/** The place of a weight's outputs: `last` for [inputs, outputs], `first` for [outputs, …inputs]; of leaves with more than two axes it is always first. */
export type FilterAxis = 'first' | 'last'

/**
 * A random direction: each filter (the weights of one output) has the norm of the model's own; leaves of one axis (biases, gains) do not move.
 * So the slice does not depend on how a ReLU network spreads its scale over its layers.
 */
export function filterDirection(params: Tree<NDArray>, key: Key, axis: FilterAxis = 'last'): Tree<NDArray> {
  const tree = flatten<NDArray>(params)
  return tree.rebuild(
    tree.list.map((a, leaf) => {
      const n = a.data.length
      if (a.shape.length < 2) return f32(new Float32Array(n), a.shape)
      const d = Float32Array.from(normals(key.fork(leaf), n))
      const first = axis === 'first' || a.shape.length > 2
      const filters = first ? a.shape[0]! : a.shape.at(-1)!
      const filterOf = (i: number) => (first ? Math.floor(i / (n / filters)) : i % filters)
      const [own, drawn] = [new Float64Array(filters), new Float64Array(filters)]
      for (let i = 0; i < n; i++) {
        own[filterOf(i)]! += Number(a.data[i]) ** 2
        drawn[filterOf(i)]! += d[i]! ** 2
      }
      return f32(
        d.map((v, i) => v * Math.sqrt(own[filterOf(i)]! / drawn[filterOf(i)]!)),
        a.shape,
      )
    }),
  )
}

/** params + s·u (+ t·v). */
export function moved(params: Tree<NDArray>, ...steps: readonly (readonly [distance: number, direction: Tree<NDArray>])[]): Tree<NDArray> {
  const tree = flatten<NDArray>(params)
  const along = steps.map(([k, d]) => [k, flatten<NDArray>(d).list] as const)
  return tree.rebuild(
    tree.list.map((a, leaf) =>
      f32(
        Float32Array.from(a.data as Float32Array, (v, i) => along.reduce((s, [k, d]) => s + k * Number(d[leaf]!.data[i]), Number(v))),
        a.shape,
      ),
    ),
  )
}
